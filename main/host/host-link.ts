import type { BridgePort } from '#shared/contracts/ipc/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import { toBridgePort } from '../bridge/electron-port.ts';
import type { HostProcess, MainPort } from '../electron-api.ts';
import type { KeyVault } from '../keychain/key-vault.ts';
import type { HostPaths, HostToMain, MainToHost, VaultAsk } from './control.ts';

/** Pauses before the host is started again after it ended, in milliseconds; the last one repeats. */
export const RESTART_PAUSES_MS = [100, 500, 2_000, 10_000, 30_000] as const;

/** How long the host may take to end, in milliseconds. */
export const STOP_MS = 3_000;

/** A host that ran this long counts as well again. */
export const STEADY_MS = 60_000;

export interface HostListener {
  onGone(): void;
  onBack(): void;
}

/** The replica host in a process of its own, kept running. */
export interface HostLink {
  start(): void;
  /** A new bridge to the host that runs. What is sent before it has opened waits in the port. */
  connect(): BridgePort;
  isUp(): boolean;
  listen(listener: HostListener): () => void;
  /** The machine is awake again. */
  wake(): void;
  /** Lets the host write down what it has gathered and end; after STOP_MS it is ended. */
  stop(): Promise<void>;
}

/** Keeps the replica host running and serves its key vault. */
export function createHostLink(about: {
  fork(): HostProcess;
  channel(): { readonly port1: MainPort; readonly port2: MainPort };
  readonly paths: HostPaths;
  readonly vault: KeyVault;
  readonly after: (delayMs: number, run: () => void) => () => void;
  log(text: string): void;
}): HostLink {
  const listeners = new Set<HostListener>();
  let running: HostProcess | null = null;
  let stopped = false;
  let failures = 0;

  const start = (): void => {
    const host = about.fork();
    const send = (message: MainToHost): void => host.postMessage(message);
    const callOff = about.after(STEADY_MS, () => {
      failures = 0;
    });
    running = host;
    host.on('message', (raw) => {
      const message = raw as HostToMain;
      if (message.type === 'bug') return about.log(`replica host: ${message.text}`);
      void askVault(about.vault, message.ask).then((result) => {
        if (running === host) send({ type: 'vault-answer', id: message.id, result });
      });
    });
    host.on('exit', (code) => {
      callOff();
      running = null;
      if (stopped) return;
      about.log(`the replica host ended with ${code}`);
      for (const listener of listeners) listener.onGone();
      const pause = RESTART_PAUSES_MS[Math.min(failures, RESTART_PAUSES_MS.length - 1)] ?? 0;
      failures += 1;
      about.after(pause, () => {
        if (stopped) return;
        start();
        for (const listener of listeners) listener.onBack();
      });
    });
    send({ type: 'start', paths: about.paths });
  };

  return {
    start,
    isUp: () => running !== null,
    connect() {
      const { port1, port2 } = about.channel();
      running?.postMessage({ type: 'bridge' } satisfies MainToHost, [port2]);
      return toBridgePort(port1);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    wake: () => running?.postMessage({ type: 'wake' } satisfies MainToHost),
    stop: () =>
      new Promise((resolve) => {
        stopped = true;
        const host = running;
        if (host === null) return resolve();
        const callOff = about.after(STOP_MS, () => void host.kill());
        host.on('exit', () => {
          callOff();
          resolve();
        });
        host.postMessage({ type: 'stop' } satisfies MainToHost);
      }),
  };
}

async function askVault(vault: KeyVault, ask: VaultAsk): Promise<Result<string | null>> {
  switch (ask.does) {
    case 'load':
      return vault.load();
    case 'save': {
      const saved = await vault.save(ask.secrets);
      return saved.ok ? ok(null) : saved;
    }
    case 'remove':
      vault.remove();
      return ok(null);
  }
}

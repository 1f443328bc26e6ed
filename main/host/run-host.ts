import { type BridgeHandlers, serveBridge } from '#shared/contracts/ipc/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { toBridgePort } from '../bridge/electron-port.ts';
import type { MainPort } from '../electron-api.ts';
import type { HostPaths, HostToMain, MainToHost, VaultAsk } from './control.ts';

/** The end of the control channel in the host's process (`process.parentPort`). */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MainPort[] }) => void): unknown;
}

/** Asks the main process's key vault. */
export type AskVault = (ask: VaultAsk) => Promise<Result<string | null>>;

/** A replica host as this process runs it. */
export interface RunningHost {
  readonly handlers: BridgeHandlers;
  wake(): void;
  close(): Promise<void>;
}

/** Opens the replica host of this device. */
export type OpenHost = (about: {
  readonly paths: HostPaths;
  readonly askVault: AskVault;
  onBug(error: unknown): void;
}) => RunningHost;

/** Runs the replica host behind the control channel: opens it when told where, then serves a bridge on every port that comes. */
export function runHost(parent: ParentPort, open: OpenHost, exit: () => void): void {
  let host: RunningHost | undefined;
  let lastId = 0;
  const waiting = new Map<number, (result: Result<string | null>) => void>();
  const send = (message: HostToMain): void => parent.postMessage(message);
  const onBug = (error: unknown): void =>
    send({ type: 'bug', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const askVault: AskVault = (ask) =>
    new Promise((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      send({ type: 'vault', id: lastId, ask });
    });

  parent.on('message', ({ data, ports }) => {
    const message = data as MainToHost;
    switch (message.type) {
      case 'start':
        host ??= open({ paths: message.paths, askVault, onBug });
        return;
      case 'bridge': {
        const [port] = ports;
        if (!host || !port) return onBug(new Error('a bridge came before the start, or without its port'));
        const served = serveBridge(toBridgePort(port), host.handlers, onBug);
        // The page or the whole main process is gone: what it held open ends with it.
        port.on('close', () => served.close());
        return;
      }
      case 'wake':
        return host?.wake();
      case 'stop':
        void Promise.resolve(host?.close()).catch(onBug).finally(exit);
        return;
      case 'vault-answer':
        waiting.get(message.id)?.(message.result);
        waiting.delete(message.id);
        return;
    }
  });
}

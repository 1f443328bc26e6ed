import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CoreToNode, NodeToCore } from '#shared/contracts/link/messages.ts';
import type { EvilCoreEvent, EvilCoreOrder, EvilCoreStart } from './core-channel.ts';

/** evil-core as its masters use it. */
export interface EvilCore {
  send(node: string, message: CoreToNode): void;
  /** Sends text that need not follow the contract. */
  sendText(node: string, text: string): void;
  hangUp(node: string): void;
  /** The first message of this node from `since` on that fits; waits for it. Undefined when none comes in time. */
  hear<T>(node: string, read: (message: NodeToCore) => T | undefined, about?: HearOptions): Promise<T | undefined>;
  /** Counts what was heard so far: give it as `since` to hear only what comes later. */
  mark(): number;
  /** Whether a node hung up since. */
  hungUpSince(node: string, since: number): boolean;
  stop(): Promise<void>;
}

export interface HearOptions {
  readonly since?: number;
  readonly timeoutMs?: number;
}

/** Starts evil-core with the TLS key of the core whose data folder was stolen. */
export async function startEvilCore(about: { folder: string; host: string; linkPort: number }): Promise<EvilCore> {
  const start: EvilCoreStart = {
    host: about.host,
    port: about.linkPort,
    tlsKey: readFileSync(join(about.folder, 'tls.key'), 'utf8'),
    tlsCert: readFileSync(join(about.folder, 'tls.crt'), 'utf8'),
  };
  const child = fork(fileURLToPath(new URL('core.ts', import.meta.url)), [JSON.stringify(start)], {
    execArgv: ['--no-warnings'],
  });
  const events: EvilCoreEvent[] = [];
  const wakers = new Set<() => void>();
  child.on('message', (event: EvilCoreEvent) => {
    events.push(event);
    for (const wake of wakers) wake();
  });
  await new Promise<void>((resolve, reject) => {
    const look = () => events.some(({ on }) => on === 'listening') && resolve();
    wakers.add(look);
    child.once('exit', (code) => reject(new Error(`evil-core ended with ${code} before it listened`)));
  });
  const order = (one: EvilCoreOrder) => void child.send(one);
  return {
    send: (node, message) => order({ do: 'raw', node, text: JSON.stringify(message) }),
    sendText: (node, text) => order({ do: 'raw', node, text }),
    hangUp: (node) => order({ do: 'hang-up', node }),
    mark: () => events.length,
    hungUpSince: (node, since) => events.slice(since).some((one) => one.on === 'closed' && one.node === node),
    hear: (node, read, { since = 0, timeoutMs = 20_000 } = {}) =>
      new Promise((resolve) => {
        let at = since;
        const end = (found: ReturnType<typeof read>) => {
          clearTimeout(timer);
          wakers.delete(look);
          resolve(found);
        };
        const look = () => {
          for (; at < events.length; at++) {
            const event = events[at];
            if (event?.on !== 'message' || event.node !== node) continue;
            const found = read(event.message);
            if (found !== undefined) return end(found);
          }
        };
        const timer = setTimeout(() => end(undefined), timeoutMs);
        wakers.add(look);
        look();
      }),
    stop: () => endChild(child),
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CoreToNode, NodeToCore } from '#shared/contracts/link/messages.ts';
import { spkiSha256 } from '#shared/node/tls-identity.ts';
import type { KeyPair } from './certificates.ts';
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
  /** All that was said since, as text. */
  textSince(since: number): string;
  stop(): Promise<void>;
}

export interface HearOptions {
  readonly since?: number;
  readonly timeoutMs?: number;
}

/** Starts evil-core with the TLS key of the core, or with one of its own. `enter`: the command that runs it elsewhere. */
export async function startEvilCore(about: {
  host: string;
  port: number;
  pair: KeyPair;
  enter?: readonly string[];
}): Promise<EvilCore> {
  const { host, port, pair, enter = [] } = about;
  const start: EvilCoreStart = { host, port, tlsKey: pair.key, tlsCert: pair.cert };
  const child = forkHere(new URL('core.ts', import.meta.url), start, enter);
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
    textSince: (since) => JSON.stringify(events.slice(since)),
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

/** Starts a core that shows every joining node a log of its own; gives the key that it is known by. */
export async function startFalseCore(about: { host: string; port: number; pair: KeyPair }) {
  const { host, port, pair } = about;
  const coreSpki = spkiSha256(pair.cert);
  const start = { host, port, tlsKey: pair.key, tlsCert: pair.cert, tlsSpki: coreSpki };
  const child = forkHere(new URL('false-core.ts', import.meta.url), start);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the false core ended with ${code}`)));
  });
  return { coreSpki, stop: () => endChild(child) };
}

/** A key that was stolen is still a key: it goes over the channel, where no list of processes shows it. */
function forkHere(file: URL, about: EvilCoreStart, enter: readonly string[] = []): ChildProcess {
  const [command = process.execPath, ...more] = [...enter, process.execPath];
  const child = fork(fileURLToPath(file), [], { execPath: command, execArgv: [...more, '--no-warnings'] });
  child.send(about);
  return child;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // A signal would end only the way in, where there is one, and leave the core on its port.
  child.disconnect();
  await gone;
}

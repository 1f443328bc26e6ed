import {
  type Bridge,
  createBridgeClient,
  type SessionView,
  type TopicItem,
  type TopicMessage,
  type TopicName,
  type TopicParams,
  topicOf,
} from '#shared/contracts/ipc/index.ts';
import { createPortPair } from '#shared/contracts/ipc/port-pair.ts';
import { createReplicaHost, type DeviceVault, type ReplicaHost } from '#shared/device/host/index.ts';
import { ok, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createFolderCatalog } from '#shared/node/catalog.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { systemTimers } from '#shared/node/timers.ts';
import { createMemoryVault } from '#shared/testing/memory-vault.ts';
import type { CoreWorld } from './core-world.ts';
import { joinByToken, type TestNode } from './test-node.ts';

/** What a screen sees of a topic: rows or value as they stand, and how much travelled. */
export interface Followed<N extends TopicName> {
  readonly rows: ReadonlyMap<string, TopicItem<N>>;
  value(): TopicItem<N> | undefined;
  readonly messages: readonly TopicMessage<N>[];
  /** Resolves when it holds; the test's own time limit ends the wait. */
  until(holds: (seen: Followed<N>) => boolean): Promise<void>;
  stop(): void;
}

/** A screen of a host. */
export interface TestScreen extends Bridge {
  follow<N extends TopicName>(topic: N, params?: TopicParams<N>): Followed<N>;
  close(): void;
}

/** A replica host in this process, with real ports to a real core. */
export interface TestHost {
  readonly host: ReplicaHost;
  readonly vault: DeviceVault;
  /** What must not happen and did. */
  readonly bugs: unknown[];
  screen(): TestScreen;
  /** Claims the core through the screens' calls. */
  claim(): Promise<void>;
  /** Invites a server and joins it. */
  join(name: string): Promise<TestNode>;
  close(): Promise<void>;
}

/**
 * Makes a host and starts it; the same vault again is the same device after a restart. `isFromCore` false: it knows no
 * core by itself, as the desktop's program. `isHeld`: another window has the data, so it is not started.
 */
export async function createTestHost(
  world: CoreWorld,
  about: { vault?: DeviceVault; kind?: 'browser' | 'desktop'; isFromCore?: boolean; isHeld?: boolean } = {},
): Promise<TestHost> {
  const kind = about.kind ?? 'desktop';
  const vault = about.vault ?? createMemoryVault(kind);
  const bugs: unknown[] = [];
  const home = { host: '127.0.0.1', httpPort: world.running.httpPort, linkPort: world.running.linkPort };
  const here = [{ host: home.host, port: home.httpPort }];
  const host = createReplicaHost({
    clock: systemClock,
    random: systemRandom,
    timers: systemTimers,
    kind,
    vault,
    openCore: ({ spki }) => createPinnedCore({ addresses: here, pin: (found) => found === spki }),
    meetCore: (_, accepts) => createPinnedCore({ addresses: here, pin: accepts }),
    lock: { acquire: async () => ok({ release: () => undefined }) },
    catalog: createFolderCatalog(),
    home: about.isFromCore === false ? null : home,
    onBug: (error) => bugs.push(error),
  });
  if (about.isHeld) host.hold(true);
  else await host.start();
  const screen = () => openScreen(host);
  const test: TestHost = {
    host,
    vault,
    bugs,
    screen,
    async claim() {
      const first = screen();
      const session = first.follow('session');
      await session.until(() => session.value()?.phase === 'unclaimed');
      const names = { fleetName: 'home', personName: 'Ada', deviceName: 'laptop' };
      const address = about.isFromCore === false ? `127.0.0.1:${home.httpPort}` : undefined;
      const { words, ask } = unwrap(await first.call('beginClaim', { setupCode: world.setupCode, address, ...names }));
      unwrap(await first.call('finishClaim', { words: ask.map((place) => ({ place, word: words[place] ?? '' })) }));
      await session.until(() => isReachable(session.value()));
      first.close();
    },
    async join(name) {
      const own = screen();
      const invited = unwrap(await own.call('inviteNode', { name }));
      const node = await joinByToken(world, invited.command?.split(' ').at(-1) ?? '');
      await node.connect();
      const nodes = own.follow('nodes');
      await nodes.until(() => nodes.rows.get(node.identity.nodeId)?.status === 'online');
      own.close();
      return node;
    },
    close: () => host.close(),
  };
  return test;
}

/** A device of another kind that the owner before this screen lets in. */
export async function letIn(
  world: CoreWorld,
  owner: TestScreen,
  about: Parameters<typeof createTestHost>[1],
): Promise<TestHost> {
  const guest = await createTestHost(world, about);
  const screen = guest.screen();
  const session = screen.follow('session');
  await session.until(() => session.value()?.phase === 'stranger');
  unwrap(await screen.call('beginJoin', { deviceName: 'guest' }));
  const requests = owner.follow('deviceRequests');
  await requests.until(() => requests.rows.size === 1);
  const id = [...requests.rows.keys()][0] ?? '';
  unwrap(await owner.call('answerDevice', { id }));
  unwrap(await owner.call('approveDevice', { id }));
  requests.stop();
  await session.until(() => isReachable(session.value()));
  screen.close();
  return guest;
}

/** Whether a device is in its fleet and level with its core. */
export function isReachable(session: SessionView | undefined): boolean {
  return session?.phase === 'ready' && session.core.contact.state === 'reachable';
}

function openScreen(host: ReplicaHost): TestScreen {
  const [page, hostEnd] = createPortPair();
  host.serve(hostEnd);
  const bridge = createBridgeClient(page);
  return {
    call: bridge.call,
    subscribe: bridge.subscribe,
    openDocument: bridge.openDocument,
    close: bridge.close,
    follow: (topic, params) => follow(bridge, topic, params ?? ({} as never)),
  };
}

function follow<N extends TopicName>(bridge: Bridge, topic: N, params: TopicParams<N>): Followed<N> {
  const rows = new Map<string, TopicItem<N>>();
  const messages: TopicMessage<N>[] = [];
  const waiting = new Set<() => void>();
  let value: TopicItem<N> | undefined;
  const take = (message: TopicMessage<N>): void => {
    messages.push(message);
    if (topicOf(topic).shape === 'collection') {
      const { set, drop, whole } = message as unknown as { set: { id: string }[]; drop: string[]; whole: boolean };
      if (whole) rows.clear();
      for (const row of set) rows.set(row.id, row as TopicItem<N>);
      for (const id of drop) rows.delete(id);
    } else value = message as TopicItem<N>;
    for (const wake of [...waiting]) wake();
  };
  const followed: Followed<N> = {
    rows,
    messages,
    value: () => value,
    stop: bridge.subscribe(topic, params, { onMessage: take, onEnd: () => undefined }),
    async until(holds) {
      while (!holds(followed)) {
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
  };
  return followed;
}

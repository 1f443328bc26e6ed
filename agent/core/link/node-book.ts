import type { CoreSideConnection } from '#agent/link/index.ts';
import { type NodeHold, type NodeToCore, OFFLINE_AFTER_MS } from '#shared/contracts/link/messages.ts';
import type { NodeFacts } from '#shared/contracts/link/observed.ts';
import type { NodeStatus } from '#shared/contracts/rest/index.ts';
import type { Clock } from '#shared/kernel/index.ts';

type Hello = Extract<NodeToCore, { type: 'hello' }>;

/** Where a node stands for one app: the last header that it took. */
export interface Floor {
  readonly number: number;
  readonly header: string;
}

/** One connected node after its hello. */
export interface ConnectedNode {
  readonly nodeId: string;
  readonly connection: CoreSideConnection;
  readonly session: string;
  readonly trustHead: string;
  readonly floors: Map<string, Floor>;
  /** HOLD-1: what the node says of itself; null before it has. */
  hold: NodeHold | null;
}

/** The ephemeral class for nodes: who is connected, since when, with which facts. */
export interface NodeBook {
  connected(nodeId: string): ConnectedNode | undefined;
  /** All that are connected now. */
  all(): readonly ConnectedNode[];
  enter(connection: CoreSideConnection, hello: Hello): ConnectedNode;
  leave(connection: CoreSideConnection): void;
  /** A sign of life. */
  touch(nodeId: string, facts: NodeFacts | null): void;
  /** What a restarted core remembers: shown, but no sign of life. */
  remember(nodeId: string, at: string, facts: NodeFacts | null): void;
  status(nodeId: string): NodeStatus;
  lastSeenAt(nodeId: string): string | null;
  facts(nodeId: string): NodeFacts | null;
  seen(): readonly string[];
}

/** Makes the book. Status is `unknown` until the first contact after a start, then by silence alone. */
export function createNodeBook(clock: Clock): NodeBook {
  const nodes = new Map<string, ConnectedNode>();
  const alive = new Map<string, number>();
  const lastSeen = new Map<string, string>();
  const facts = new Map<string, NodeFacts>();
  return {
    connected: (nodeId) => nodes.get(nodeId),
    all: () => [...nodes.values()],
    enter(connection, hello) {
      const floors = hello.floors.map(
        (floor) => [floor.appId, { number: floor.accepted, header: floor.header }] as const,
      );
      const node: ConnectedNode = {
        nodeId: connection.peer,
        connection,
        session: hello.session,
        trustHead: hello.trustHead,
        floors: new Map(floors),
        hold: null,
      };
      nodes.set(connection.peer, node);
      return node;
    },
    leave(connection) {
      if (nodes.get(connection.peer)?.connection === connection) nodes.delete(connection.peer);
    },
    touch(nodeId, found) {
      alive.set(nodeId, clock.nowMs());
      lastSeen.set(nodeId, new Date(clock.nowMs()).toISOString());
      if (found !== null) facts.set(nodeId, found);
    },
    remember(nodeId, at, found) {
      if (alive.has(nodeId)) return;
      lastSeen.set(nodeId, at);
      if (found !== null) facts.set(nodeId, found);
    },
    status(nodeId) {
      const at = alive.get(nodeId);
      if (at === undefined) return 'unknown';
      return clock.nowMs() - at < OFFLINE_AFTER_MS ? 'online' : 'offline';
    },
    lastSeenAt: (nodeId) => lastSeen.get(nodeId) ?? null,
    facts: (nodeId) => facts.get(nodeId) ?? null,
    seen: () => [...alive.keys()],
  };
}

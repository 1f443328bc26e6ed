import type { CoreToReplica, ReplicaToCore } from '#shared/contracts/sync/messages.ts';
import type { Fault } from '#shared/kernel/index.ts';
import type { Envelope, TrustState } from '#shared/trust/index.ts';
import type { RefusedEdit } from './refused-edit.ts';
import type { Replica } from './replica.ts';

/** Rows in one push; keeps a frame under its limit. */
const PUSH_ROWS = 64;

export interface SyncOptions {
  readonly replica: Replica;
  readonly version: string;
  readonly trust: () => TrustState;
  /** Takes an extension of the trust log that the core sent. */
  readonly onTrust: (entries: readonly Envelope[]) => Promise<void>;
  readonly send: (message: ReplicaToCore) => void;
  readonly newId: () => string;
  /** Told when rows of others are here, with their documents. */
  readonly onRows?: (docs: readonly string[]) => void;
  /** Told about each row of others that this device refused, and of its own that the core refused for now. */
  readonly onRefused?: (refused: readonly { row: string; fault: Fault }[]) => void;
  /** Told once about edits of this device that the core did not take and that lie aside now. */
  readonly onAside?: (edits: readonly RefusedEdit[]) => void;
}

/** The replica's half of one sync connection: push what is ours, take what is new, know when both are level. */
export interface SyncMachine {
  /** Says hello; call when the socket is open. */
  start(): void;
  /** Handles one message of the core. Rejects when the store fails: then the connection must be dropped. */
  receive(message: CoreToReplica): Promise<void>;
  /** Pushes rows that were made since the last push. */
  push(): void;
  /** Resolves once the core's rows are here and ours are durable there, or aside. */
  readonly level: Promise<void>;
}

/** Makes the machine of one connection. It owns no socket and no clock. */
export function createSyncMachine(options: SyncOptions): SyncMachine {
  const { replica, send } = options;
  const pushed = new Set<Envelope>();
  let synced = false;
  let waiting = 0;
  let settle: () => void = () => undefined;
  const level = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const settleWhenLevel = () => {
    if (synced && waiting === 0) settle();
  };
  const refuse = (rows: readonly { row: string; fault: Fault }[]) => {
    if (rows.length > 0) options.onRefused?.(rows);
  };
  const sendRows = (all: readonly Envelope[]) => {
    const rows = all.filter((row) => !pushed.has(row));
    for (let start = 0; start < rows.length; start += PUSH_ROWS) {
      const part = rows.slice(start, start + PUSH_ROWS);
      for (const row of part) pushed.add(row);
      waiting++;
      send({ type: 'push', id: options.newId(), rows: part });
    }
  };
  const push = () => sendRows(replica.unacked());

  return {
    level,
    push,
    start: () =>
      send({ type: 'hello', version: options.version, trustHead: options.trust().head, heads: replica.heads() }),
    async receive(message) {
      if (message.type === 'trust') await options.onTrust(message.entries);
      if (message.type === 'rows') {
        const taken = await replica.receive(message.rows);
        refuse(taken.refused);
        if (taken.docs.length > 0) options.onRows?.(taken.docs);
      }
      if (message.type === 'synced') {
        synced = true;
        // All that the core lacks, not only what it never had: one that was restored from an older copy gets back what
        // it lost, and the rows that follow find what they build on.
        const lacking = new Set(replica.missing(message.heads));
        sendRows([...replica.unacked().filter((row) => !lacking.has(row)), ...lacking]);
      }
      if (message.type === 'ack') {
        await replica.acked(message.accepted);
        const edits = await replica.setAside(message.refused);
        if (edits.length > 0) options.onAside?.(edits);
        refuse(message.refused.filter(({ fault }) => fault.kind === 'transient'));
        waiting--;
      }
      settleWhenLevel();
    },
  };
}

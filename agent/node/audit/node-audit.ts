import { type Clock, isoTime } from '#shared/kernel/index.ts';
import { type Envelope, type NodeAuditEntry, type Signer, signEnvelope } from '#shared/trust/index.ts';
import type { NodeStore } from '../store/node-store.ts';

/** What one entry says; the chain adds number, link, time and signature. */
export interface NodeAuditFact {
  /** accepted, refused, superseded, succeeded, failed, rolled-back, command, repaired, … */
  readonly action: string;
  readonly subject: Readonly<Record<string, string>>;
  /** itemHash of the release or command it is about. */
  readonly order: string | null;
  readonly detail?: Readonly<Record<string, string>>;
  /** HOLD-6: the lowest number it may have, where numbers below are used and gone. */
  readonly atLeastSeq?: number;
}

export interface NodeAudit {
  /**
   * Signs and stores the next entry. `within` runs in the same transaction, so that an effect on the store and its
   * entry stand or fall together; it gets the signed envelope.
   */
  append(fact: NodeAuditFact, within?: (envelope: Envelope) => void): Promise<Envelope>;
  head(): { seq: number; hash: string } | null;
  /**
   * Takes back own entries that the disk has lost, as they are, in turn with those that are written. `choose` gets the
   * head and gives those that follow it; `within` runs in the same transaction.
   */
  takeBack(
    choose: (head: { seq: number; hash: string } | null) => readonly OwnEntry[],
    within: (entries: readonly OwnEntry[]) => void,
  ): Promise<number>;
  /** Called after each entry is durable. */
  onAppended(listener: () => void): void;
}

/** An entry of this chain whose signature was verified. */
export interface OwnEntry {
  readonly seq: number;
  readonly envelope: Envelope;
  readonly payload: NodeAuditEntry;
}

export interface NodeAuditOptions {
  readonly store: Pick<NodeStore, 'audit' | 'transaction'>;
  readonly signer: Signer;
  readonly fleet: string;
  readonly clock: Clock;
  /** Heads this node has seen, so that it is a witness (design: audit). */
  trustHead(): string;
  coreAuditHead(): string | null;
}

/** P8: the node's own chain of what it accepted, refused and did. One writer: entries are signed one after the other. */
export function createNodeAudit(options: NodeAuditOptions): NodeAudit {
  const { store } = options;
  const listeners: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const appendNow = async (fact: NodeAuditFact, within?: (envelope: Envelope) => void): Promise<Envelope> => {
    const head = store.audit.head();
    const seq = Math.max((head?.seq ?? 0) + 1, fact.atLeastSeq ?? 1);
    const envelope = await signEnvelope(
      'node-audit',
      {
        fleet: options.fleet,
        trustHead: options.trustHead(),
        auditHead: options.coreAuditHead(),
        nodeAuditHead: head?.hash ?? null,
        seq,
        prev: head?.hash ?? null,
        at: isoTime(options.clock),
        action: fact.action,
        subject: shorten(fact.subject),
        order: fact.order,
        detail: shorten(fact.detail ?? {}),
      },
      options.signer,
    );
    store.transaction(() => {
      store.audit.append(seq, envelope);
      within?.(envelope);
    });
    return envelope;
  };

  return {
    append(fact, within) {
      const result = last.then(() => appendNow(fact, within));
      last = result.catch(() => {});
      return result.then((envelope) => {
        for (const tell of listeners) tell();
        return envelope;
      });
    },
    takeBack(choose, within) {
      const result = last.then(() => {
        const entries = choose(store.audit.head());
        if (entries.length === 0) return 0;
        store.transaction(() => {
          for (const { seq, envelope } of entries) store.audit.append(seq, envelope);
          within(entries);
        });
        return entries.length;
      });
      last = result.catch(() => {});
      return result;
    },
    head: () => store.audit.head(),
    onAppended: (listener) => void listeners.push(listener),
  };
}

/** The contract's limit for a value is 2,048 characters; a message of a tool may be longer. */
function shorten(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value.slice(0, 2_000)]));
}

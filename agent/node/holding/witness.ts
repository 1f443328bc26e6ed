import { isoTime } from '#shared/kernel/index.ts';
import { type Envelope, everyTrustKey, openEnvelope, parseEnvelope, signEnvelope } from '#shared/trust/index.ts';
import type { NodeContext } from '../reconcile/node-context.ts';

/** HOLD-3: what this node remembers of the others, and says when one of them asks. */
export interface Witness {
  /** Newest entries of other nodes' chains, as the core passes them on: each is signed by its node. */
  see(entries: readonly Envelope[]): Promise<void>;
  /** Answers another node, unless this one holds itself. */
  answer(about: { readonly node: string; readonly nonce: string }): Promise<void>;
}

type Part = Pick<NodeContext, 'fleet' | 'identity' | 'store' | 'trust' | 'hold' | 'audit' | 'clock' | 'send' | 'log'>;

/** Makes the witness of a running node. */
export function createWitness(context: Part): Witness {
  const { fleet, identity, store, trust, hold, clock, log } = context;
  /** Second histories that were written down since the start. */
  const told = new Set<string>();

  const seeOne = async (entry: Envelope): Promise<void> => {
    const parsed = parseEnvelope(entry);
    if (!parsed.ok) return;
    const keys = everyTrustKey(trust.state, 'node');
    const opened = await openEnvelope(parsed.value, { kind: 'node-audit', fleet, keys });
    if (!opened.ok || opened.value.signer === identity.nodeId) return;
    const { signer, itemHash: hash, payload } = opened.value;
    const before = store.seenHeads.at(signer, payload.seq);
    if (before === undefined) return store.seenHeads.add(signer, payload.seq, hash);
    if (before === hash || told.has(hash)) return;
    told.add(hash);
    log(`Node ${signer} has signed two different entries ${payload.seq} of its chain.`);
    // P8: the core can not take this entry out of the chain again.
    await context.audit.append({
      action: 'split-view',
      subject: { node: signer, seq: String(payload.seq) },
      order: null,
      detail: { saw: before, shown: hash },
    });
  };

  return {
    async see(entries) {
      for (const entry of entries) await seeOne(entry);
    },
    async answer({ node, nonce }) {
      // Who may have forgotten something itself is no witness: two old copies must not vouch for each other.
      if (hold.why() !== null || node === identity.nodeId) return;
      const { state } = trust;
      const seen = store.seenHeads.newest(node);
      const statement = await signEnvelope(
        'statement',
        {
          fleet,
          trustHead: state.head,
          auditHead: store.setting('core-audit-head') ?? null,
          node,
          nonce,
          trustHeads: state.heads,
          nodeAuditHead: seen?.hash ?? null,
          nodeAuditSeq: seen?.seq ?? 0,
          time: isoTime(clock),
        },
        identity.signer,
      );
      context.send({ type: 'statement', node, envelope: statement });
    },
  };
}

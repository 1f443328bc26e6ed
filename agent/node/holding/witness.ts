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

type Part = Pick<NodeContext, 'fleet' | 'identity' | 'store' | 'trust' | 'hold' | 'clock' | 'send' | 'log'>;

/** Makes the witness of a running node. */
export function createWitness(context: Part): Witness {
  const { fleet, identity, store, trust, hold, clock } = context;

  const seeOne = async (entry: Envelope): Promise<void> => {
    const parsed = parseEnvelope(entry);
    if (!parsed.ok) return;
    const keys = everyTrustKey(trust.state, 'node');
    const opened = await openEnvelope(parsed.value, { kind: 'node-audit', fleet, keys });
    if (!opened.ok || opened.value.signer === identity.nodeId) return;
    store.seenHeads.add(opened.value.signer, opened.value.payload.seq, opened.value.itemHash);
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

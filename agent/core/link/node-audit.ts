import { FaultError, fault, unwrap } from '#shared/kernel/index.ts';
import { type Envelope, openEnvelope, parseEnvelope } from '#shared/trust/index.ts';
import { performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { StoredNodeAudit } from '../store/records.ts';
import type { ConnectedNode } from './node-book.ts';
import { nodeKeys } from './node-keys.ts';

/**
 * Stores entries of a node's own chain after checking signature, number and link to the entry before. What is held
 * already is answered without effect; the node is always told up to which number the core holds its chain.
 */
export async function storeNodeAudit(core: Core, node: ConnectedNode, entries: readonly Envelope[]): Promise<void> {
  const { read } = core.store.durable;
  const head = await read.nodeAuditHead(node.nodeId);
  const act = {
    actor: { kind: 'node' as const, id: node.nodeId },
    action: 'node-audit.store',
    subject: {} as Record<string, string>,
    envelope: null,
  };
  const acknowledge = (seq: number) => void node.connection.send({ type: 'audit-ack', seq });
  const opened: StoredNodeAudit[] = [];
  let last = { seq: head?.seq ?? 0, hash: head?.hash ?? null };
  let problem: FaultError | null = null;
  try {
    for (const envelope of entries) {
      const item = await openEntry(core, node.nodeId, envelope);
      if (item.seq <= last.seq) continue;
      // HOLD-6: an owner let it go on without entries that are gone; `audit verify` names the gap.
      const goesOn = item.action === 'went-on' && item.seq > last.seq;
      if (!goesOn && (item.seq !== last.seq + 1 || item.prev !== last.hash))
        throw new FaultError(brokenChain(node.nodeId, item.seq, last.seq));
      opened.push({ node: node.nodeId, seq: item.seq, hash: item.hash, envelope });
      last = { seq: item.seq, hash: item.hash };
    }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    problem = error;
  }
  if (opened.length === 0 && problem === null) return acknowledge(head?.seq ?? 0);
  Object.assign(act.subject, {
    entries: String(opened.length),
    seq: String(last.seq),
    head: last.hash ?? '',
  });
  try {
    await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
      if (problem !== null) throw problem;
      return async (tx) => {
        for (const entry of opened) await tx.addNodeAudit(entry);
      };
    });
  } finally {
    acknowledge((await read.nodeAuditHead(node.nodeId))?.seq ?? 0);
    const newest = opened.at(-1);
    if (problem === null && newest) tellHeads(core, newest);
  }
}

/** Every other node hears how far this one's chain goes. */
function tellHeads(core: Core, newest: StoredNodeAudit): void {
  for (const other of core.nodes.all())
    if (other.nodeId !== newest.node) other.connection.send({ type: 'heads', entries: [newest.envelope as never] });
}

/** What a node that has just come hears of the others. */
export async function headsOfOthers(core: Core, nodeId: string): Promise<Envelope[]> {
  const others = [...core.trust.current().nodes.keys()].filter((other) => other !== nodeId);
  const heads = await core.store.durable.read.nodeAuditHeads(others);
  return [...heads.values()].map(({ envelope }) => envelope);
}

async function openEntry(core: Core, nodeId: string, envelope: Envelope) {
  const opened = unwrap(
    await openEnvelope(unwrap(parseEnvelope(envelope)), {
      kind: 'node-audit',
      fleet: core.trust.fleet(),
      keys: nodeKeys(core, nodeId),
    }),
  );
  const { seq, prev, action } = opened.payload;
  return { seq, prev, action, hash: opened.itemHash };
}

function brokenChain(nodeId: string, seq: number, held: number) {
  return fault(
    'audit.broken-chain',
    'conflict',
    `Entry ${seq} of node ${nodeId}'s own audit chain does not follow entry ${held}, the last that the core holds.`,
    'If the node was restored from an older copy, enrol it anew; `overseer audit verify` shows where the chains part.',
    { detail: { seq: String(seq), held: String(held) } },
  );
}

import { z } from 'zod';
import { type Clock, isoTime } from '#shared/kernel/index.ts';
import { type Envelope, everyTrustKey, openEnvelope } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** The newest entry of a node's own chain that this device has seen. */
export interface NodeHead {
  readonly seq: number;
  readonly hash: string;
}

const headSchema = z.object({ seq: z.number().int().min(1), hash: z.string() });
const memoName = (nodeId: string): string => `head:${nodeId}`;

/** What this device remembers of a node's chain, across restarts. */
export async function nodeHead(fleet: Fleet, nodeId: string): Promise<NodeHead | null> {
  const text = await fleet.store.memo(memoName(nodeId));
  return text === undefined ? null : headSchema.parse(JSON.parse(text));
}

/**
 * Takes the newest entry that the core shows of a node's chain: only its own key makes one, so the core can show an old
 * one but no false one. What this device saw before is never forgotten for something older.
 */
export async function witnessNode(
  { clock }: { readonly clock: Clock },
  fleet: Fleet,
  nodeId: string,
  entry: Envelope | null,
): Promise<void> {
  if (entry === null) return;
  const { fleet: id } = fleet.config;
  const keys = everyTrustKey(fleet.trust(), 'node');
  const opened = await openEnvelope(entry, { kind: 'node-audit', fleet: id, keys });
  if (!opened.ok || opened.value.signer !== nodeId) return;
  const { seq } = opened.value.payload;
  const known = await nodeHead(fleet, nodeId);
  if (known !== null && known.seq >= seq) return;
  const hash = opened.value.itemHash;
  await fleet.store.saveMemo(memoName(nodeId), JSON.stringify({ seq, hash }));
  // AUD-4: this device is a witness of it in `audit verify` too.
  await fleet.store.noteHeads(nodeId, [hash], isoTime(clock));
}

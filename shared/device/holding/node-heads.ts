import { z } from 'zod';
import { type Clock, type Fault, fault, isoTime } from '#shared/kernel/index.ts';
import { type Envelope, everyTrustKey, openEnvelope } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { raiseAlarm } from './alarms.ts';

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
 * one but no false one. What this device saw before is never forgotten for something older. Gives an alarm when the node has
 * signed a second history.
 */
export async function witnessNode(
  { clock }: { readonly clock: Clock },
  fleet: Fleet,
  nodeId: string,
  entry: Envelope | null,
): Promise<Fault | null> {
  if (entry === null) return null;
  const { fleet: id } = fleet.config;
  const keys = everyTrustKey(fleet.trust(), 'node');
  const opened = await openEnvelope(entry, { kind: 'node-audit', fleet: id, keys });
  if (!opened.ok || opened.value.signer !== nodeId) return null;
  const { seq, prev, action } = opened.value.payload;
  fleet.noteForeignHead(opened.value.payload);
  const known = await nodeHead(fleet, nodeId);
  const hash = opened.value.itemHash;
  // HOLD-6: `went-on` leaves out what is gone, which an owner has signed.
  const isOther =
    (known?.seq === seq && known.hash !== hash) ||
    (known?.seq === seq - 1 && known.hash !== prev && action !== 'went-on');
  const alarm = isOther ? await raiseAlarm({ clock }, fleet.store, splitChain(fleet, nodeId, seq)) : null;
  if (known !== null && known.seq >= seq) return alarm;
  await fleet.store.saveMemo(memoName(nodeId), JSON.stringify({ seq, hash }));
  // AUD-4: this device is a witness of it in `audit verify` too.
  await fleet.store.noteHeads(nodeId, [hash], isoTime(clock));
  return alarm;
}

function splitChain(fleet: Fleet, nodeId: string, seq: number): Fault {
  const name = fleet.trust().nodes.get(nodeId)?.name ?? nodeId;
  return fault(
    'audit.split-view',
    'permanent',
    `${name} has signed two histories of what it did: entry ${seq} of its chain is not the one that this device saw, or does not follow it`,
    `Look at ${name}: it was put back to an older copy, or somebody else has its keys; then \`overseer nodes revoke ${name}\` and join it anew.`,
    { detail: { node: nodeId, seq: String(seq) } },
  );
}

import { type Envelope, openEnvelope, parseEnvelope } from '#shared/trust/index.ts';
import type { OwnEntry } from '../audit/node-audit.ts';
import type { NodeContext } from '../reconcile/node-context.ts';

type Part = Pick<NodeContext, 'fleet' | 'identity' | 'store' | 'audit' | 'log'>;

/**
 * HOLD-9: takes back what this node wrote and its disk has lost, for instance because it was put back to an older image.
 * Its own signature is on each entry, so nobody else can have made one; only what follows the present head is taken. The
 * floors of releases that it accepted meanwhile come back with them. Gives how many were taken.
 */
export async function takeBackChain(context: Part, envelopes: readonly Envelope[]): Promise<number> {
  const { identity, fleet, store } = context;
  const keys = (keyId: string) => (keyId === identity.nodeId ? identity.signKey : undefined);
  const opened: (OwnEntry & { readonly prev: string | null; readonly hash: string })[] = [];
  for (const envelope of envelopes) {
    const parsed = parseEnvelope(envelope);
    if (!parsed.ok) break;
    const entry = await openEnvelope(parsed.value, { kind: 'node-audit', fleet, keys });
    if (!entry.ok) break;
    const { payload, itemHash } = entry.value;
    opened.push({ seq: payload.seq, prev: payload.prev, hash: itemHash, envelope: parsed.value, payload });
  }
  const following = (head: { seq: number; hash: string } | null): readonly OwnEntry[] => {
    let [seq, hash] = [head?.seq ?? 0, head?.hash ?? null];
    const fit: OwnEntry[] = [];
    for (const entry of opened) {
      const goesOn = entry.payload.action === 'went-on' && entry.seq > seq;
      if (entry.prev !== hash || (entry.seq !== seq + 1 && !goesOn)) break;
      fit.push(entry);
      [seq, hash] = [entry.seq, entry.hash];
    }
    return fit;
  };
  const taken = await context.audit.takeBack(following, (entries) => {
    for (const { payload } of entries) {
      const { action, order, subject } = payload;
      const number = Number(subject.number);
      if (action !== 'accepted' || order === null || !subject.appId || !Number.isSafeInteger(number)) continue;
      store.releases.remember({ appId: subject.appId, number, header: order });
    }
  });
  if (taken > 0)
    context.log(
      `${taken} entries of this node's own chain were lost here and came back: it was put back to an older copy.`,
    );
  return taken;
}

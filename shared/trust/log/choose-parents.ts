import { MAX_PARENTS } from './entries.ts';
import { causalOrder } from './graph.ts';
import type { TrustState } from './state.ts';

/**
 * LOG-25: the heads that the next entry builds on: all, unless somebody has flooded the log with them. Then those that
 * count go before void ones, elder signers' before younger, and one of each signer before a second of any: what others
 * signed is built on in any case, and the flood goes under with each further entry.
 */
export function chooseParents(state: TrustState): readonly string[] {
  if (state.heads.length <= MAX_PARENTS) return state.heads;
  const ages = new Map<string, number>();
  for (const { entry } of causalOrder(state.graph))
    if ((entry.kind === 'genesis' || entry.kind === 'add-device') && !ages.has(entry.device.deviceId))
      ages.set(entry.device.deviceId, ages.size + 1);
  const voided = new Set(state.voided);
  const bySigner = new Map<string, number>();
  const ranked = state.heads.map((hash) => {
    const signer = state.graph.get(hash)?.signer ?? '';
    const isVoid = voided.has(hash);
    const group = `${isVoid}:${signer}`;
    const turn = bySigner.get(group) ?? 0;
    bySigner.set(group, turn + 1);
    // Who is in no add-device is recovery, the eldest.
    return { hash, rank: [isVoid ? 1 : 0, turn, ages.get(signer) ?? 0] as const };
  });
  ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2]);
  return ranked
    .slice(0, MAX_PARENTS)
    .map(({ hash }) => hash)
    .sort();
}

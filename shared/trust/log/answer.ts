import { closureOf, isAncestor, isUnder } from './graph.ts';
import { stateOf, type TrustState } from './state.ts';

/**
 * LOG-17: the log as it would be had nobody revoked this device: what an elder signs on, beside the revocation, when a
 * younger key has revoked it. Apply what is signed to the whole log.
 */
export function stateBesideRevocations(state: TrustState, deviceId: string): TrustState {
  return stateBeside(state, state.revokedDevices.get(deviceId)?.by ?? []);
}

/**
 * LOG-16: the log without some entries and what was built on them. A revocation that is signed on it lies beside them, and
 * so voids those of its key. What others built on them still counts.
 */
export function stateBeside(state: TrustState, entries: readonly string[]): TrustState {
  const graph = new Map(
    [...state.graph].filter(
      ([hash, entry]) => !entries.includes(hash) && !entries.some((other) => isAncestor(state.graph, other, entry)),
    ),
  );
  return stateOf(state.fleet, graph, []);
}

/**
 * LOG-17: whether this key would stay if both revoked each other: every entry that let it in lies below one that let the
 * other in. Only recovery ends such a key for good.
 */
export function isElderKey(state: TrustState, one: string, other: string): boolean {
  const admissionsOf = (deviceId: string) =>
    [...state.graph.values()].filter(
      ({ entry }) => (entry.kind === 'genesis' || entry.kind === 'add-device') && entry.device.deviceId === deviceId,
    );
  const mine = admissionsOf(one);
  return admissionsOf(other).some((theirs) => mine.every((ours) => isUnder(state.graph, ours, theirs)));
}

/** Whether one of these entries is among these heads or below them: whoever stood on the heads knew of it. */
export function isBelow(state: TrustState, entries: readonly string[], heads: readonly string[]): boolean {
  const below = closureOf(state.graph, heads);
  return entries.some((entry) => below.has(entry));
}

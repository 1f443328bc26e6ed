import { isAncestor } from './graph.ts';
import { stateOf, type TrustState } from './state.ts';

/**
 * LOG-17: the log as it would be had nobody revoked this device: what an elder signs on, beside the revocation, when a
 * younger key has revoked it. Apply what is signed to the whole log.
 */
export function stateBesideRevocations(state: TrustState, deviceId: string): TrustState {
  const revocations = state.revokedDevices.get(deviceId)?.by ?? [];
  const graph = new Map(
    [...state.graph].filter(
      ([hash, entry]) =>
        !revocations.includes(hash) && !revocations.some((revocation) => isAncestor(state.graph, revocation, entry)),
    ),
  );
  return stateOf(state.fleet, graph, []);
}

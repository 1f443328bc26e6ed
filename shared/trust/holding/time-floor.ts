import type { TrustView } from '../log/view.ts';

/**
 * HOLD-10: what a signed time is worth to a node: no more than its own clock says at that moment. Alone neither a key that
 * signs far-future times nor a clock that somebody sets can move the floor beyond the truth.
 */
export function creditedTime(saidMs: number, ownMs: number): number {
  return Math.min(saidMs, ownMs);
}

/** HOLD-10: the latest time that somebody vouches for who still counts; null where nobody does. */
export function timeFloorOf(
  state: Pick<TrustView, 'devices' | 'nodes'>,
  vouched: Iterable<readonly [signer: string, timeMs: number]>,
): number | null {
  let floorMs: number | null = null;
  for (const [signer, timeMs] of vouched) {
    if (!state.devices.has(signer) && !state.nodes.has(signer)) continue;
    floorMs = Math.max(floorMs ?? timeMs, timeMs);
  }
  return floorMs;
}

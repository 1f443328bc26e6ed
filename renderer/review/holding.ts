import type { NodeRow } from '#shared/contracts/ipc/index.ts';

/** Every device that looks answers a node that has just started; one that still waits after this needs somebody. */
const ANSWERED_WITHIN_MS = 120_000;

/**
 * Why a node takes no change, for a person. `asks`: it has just started and is answered by itself. `unanswered`: nobody
 * of its fleet has spoken. `lacks-trust`: entries of the trust log are kept from it. `forgot`: its own past is gone, as
 * after a copy of its disk was put back.
 */
export type HoldingKind = 'asks' | 'unanswered' | 'lacks-trust' | 'forgot';

/** How a node holds; null where it does not, or is not heard and its last word on that is old. */
export function decideHolding(
  { status, holding }: Pick<NodeRow, 'status' | 'holding'>,
  nowMs: number,
): HoldingKind | null {
  if (holding === null || status !== 'online') return null;
  if (holding.why?.code === 'hold.behind-chain') return 'forgot';
  if (holding.why?.code === 'hold.behind-trust') return 'lacks-trust';
  return nowMs - Date.parse(holding.since) < ANSWERED_WITHIN_MS ? 'asks' : 'unanswered';
}

import type { CommandVerb } from '../commands/command.ts';
import type { TrustState } from '../log/state.ts';
import type { OpenedHeader } from '../releases/decide-release.ts';

/** HOLD-1: a statement is good for this long: 24 h. */
export const STATEMENT_LIFE_MS = 24 * 3_600_000;

/** A node asks anew after half of it, so that one whose fleet answers never holds but after its start. */
export const ASK_AGAIN_AFTER_MS = STATEMENT_LIFE_MS / 2;

/** A clock may be set back by this much without a new question. */
const CLOCK_SKEW_MS = 10 * 60_000;

/** HOLD-1: `answeredAtMs` is the node's clock when it took its last statement; null since its start. */
export function isHolding(answeredAtMs: number | null, nowMs: number): boolean {
  if (answeredAtMs === null) return true;
  const ageMs = nowMs - answeredAtMs;
  return ageMs > STATEMENT_LIFE_MS || ageMs < -CLOCK_SKEW_MS;
}

/** HOLD-8: what a node answers while it holds. A verb that is not listed changes something. */
const READING_VERBS: ReadonlySet<CommandVerb> = new Set(['logs', 'agent-logs', 'volumes', 'probe', 'dns-test']);

/** HOLD-8: whether a node that holds answers this verb. */
export function isReadingVerb(verb: CommandVerb): boolean {
  return READING_VERBS.has(verb);
}

/** A node's own signed chain, as far as it has it. */
export interface OwnChain {
  readonly head: { readonly seq: number; readonly hash: string } | null;
  /** The number of an entry, or undefined when it is none of ours. */
  seqOf(hash: string): number | undefined;
}

/**
 * HOLD-7: whether a release that is good in every other way ends the hold for itself: its signer had seen a head of this
 * node's chain since which nothing was taken, and the very log that the node has.
 */
export function endsHoldForItself(about: {
  readonly header: OpenedHeader;
  readonly chain: OwnChain;
  /** Number of the newest entry by which this node took a release or a command that changes something; 0: none. */
  readonly lastTakenSeq: number;
  readonly state: TrustState;
}): boolean {
  const { nodeAuditHead, trustHead } = about.header.payload;
  if (!nodeAuditHead || trustHead !== about.state.head) return false;
  const seq = about.chain.seqOf(nodeAuditHead);
  return seq !== undefined && about.lastTakenSeq <= seq;
}

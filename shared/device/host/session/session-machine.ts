import type { SessionPhase } from '#shared/contracts/ipc/index.ts';

/** What moves a session from phase to phase. */
export const SESSION_EVENTS = [
  /** Another window holds the data of this device. */
  'held-elsewhere',
  /** The data is ours now. */
  'taken',
  /** The core has no fleet. */
  'core-empty',
  /** The core has a fleet and this device is in none. */
  'core-taken',
  /** A claim has shown its recovery words. */
  'claim-begun',
  'claim-cancelled',
  'join-begun',
  'join-cancelled',
  'join-refused',
  /** The fleet of this device is open. */
  'opened',
  /** The trust log no longer names this device. */
  'removed',
  /** Keys and data are gone. */
  'forgotten',
] as const;

export type SessionEvent = (typeof SESSION_EVENTS)[number];

const TRANSITIONS: { readonly [P in SessionPhase]: Partial<Record<SessionEvent, SessionPhase>> } = {
  loading: {
    'held-elsewhere': 'locked',
    'core-empty': 'unclaimed',
    'core-taken': 'stranger',
    'join-begun': 'joining',
    opened: 'ready',
    removed: 'refused',
  },
  unclaimed: {
    'claim-begun': 'claiming',
    'core-taken': 'stranger',
    'join-begun': 'joining',
    // A desktop: a claim or a join that was cut off has ended well after all.
    opened: 'ready',
    forgotten: 'loading',
  },
  claiming: { 'claim-cancelled': 'unclaimed', opened: 'ready', 'core-taken': 'stranger' },
  stranger: { 'join-begun': 'joining', 'core-empty': 'unclaimed', forgotten: 'loading' },
  joining: { 'join-cancelled': 'stranger', 'join-refused': 'refused', opened: 'ready' },
  ready: { removed: 'refused', forgotten: 'loading' },
  locked: { taken: 'loading' },
  refused: { forgotten: 'loading', 'join-begun': 'joining' },
};

/** The phase after an event. Total: what does not concern a phase leaves it as it is. */
export function nextPhase(phase: SessionPhase, event: SessionEvent): SessionPhase {
  return TRANSITIONS[phase][event] ?? phase;
}

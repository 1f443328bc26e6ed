/**
 * When to dial which of the core's addresses: a pure state machine with a total table. Every (state, event) pair has an
 * entry; the ones that can only be late echoes of a timer or a socket stay where they are.
 * This is the link's only retry loop.
 */

/** Where the dialler stands. `tried` counts addresses of this round, `round` the rounds since the link was last good. */
export interface DialState {
  readonly at: 'idle' | 'dialing' | 'introducing' | 'up' | 'waiting' | 'stopped';
  readonly address: number;
  readonly tried: number;
  readonly round: number;
  /** The trust log was already exchanged in this round: a second stranger is a failure. */
  readonly introduced: boolean;
}

export type DialEvent =
  | { readonly on: 'start' | 'opened' | 'failed' | 'stranger' | 'introduced' | 'timer' | 'nudge' | 'stop' }
  | { readonly on: 'lost'; readonly upMs: number };

export type DialEffect =
  | { readonly do: 'nothing' | 'hang-up' }
  | { readonly do: 'dial' | 'introduce'; readonly address: number }
  | { readonly do: 'wait'; readonly delayMs: number };

export interface DialContext {
  /** How many addresses there are now, at least 1. */
  readonly addresses: number;
  /** Random share in [0, 1). */
  readonly jitter: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** A link that held for this long was good: the next loss starts the rounds anew. */
export const STEADY_AFTER_MS = 10_000;

export const initialDialState: DialState = { at: 'idle', address: 0, tried: 0, round: 0, introduced: false };

type Step = { readonly state: DialState; readonly effect: DialEffect };
type Rule = (state: DialState, event: DialEvent, context: DialContext) => Step;

const stay: Rule = (state) => ({ state, effect: { do: 'nothing' } });
const stop: Rule = (state) => ({ state: { ...state, at: 'stopped' }, effect: { do: 'hang-up' } });
const dial: Rule = (state, _event, context) => {
  const address = state.address % context.addresses;
  return { state: { ...state, at: 'dialing', address, introduced: false }, effect: { do: 'dial', address } };
};
const newRound: Rule = (state, event, context) => dial({ ...state, tried: 0, round: state.round + 1 }, event, context);
const redial: Rule = (state, event, context) => dial({ ...state, tried: 0, round: 0 }, event, context);
const opened: Rule = (state) => ({
  state: { ...state, at: 'up', tried: 0, introduced: false },
  effect: { do: 'nothing' },
});
const failed: Rule = (state, event, context) => {
  const address = (state.address + 1) % context.addresses;
  const tried = state.tried + 1;
  if (tried < context.addresses) return dial({ ...state, address, tried }, event, context);
  return {
    state: { ...state, at: 'waiting', address, tried: 0, introduced: false },
    effect: { do: 'wait', delayMs: backoffMs(state.round, context) },
  };
};
const stranger: Rule = (state, event, context) => {
  if (state.introduced) return failed(state, event, context);
  return { state: { ...state, at: 'introducing' }, effect: { do: 'introduce', address: state.address } };
};
const introduced: Rule = (state) => ({
  state: { ...state, at: 'dialing', introduced: true },
  effect: { do: 'dial', address: state.address },
});
const lost: Rule = (state, event, context) => {
  const steady = event.on === 'lost' && event.upMs >= STEADY_AFTER_MS;
  const round = steady ? 0 : state.round + 1;
  return {
    state: { ...state, at: 'waiting', tried: 0, round },
    effect: { do: 'wait', delayMs: backoffMs(round, context) },
  };
};

const table: Record<DialState['at'], Record<DialEvent['on'], Rule>> = {
  idle: {
    start: dial,
    opened: stay,
    failed: stay,
    stranger: stay,
    introduced: stay,
    timer: stay,
    nudge: stay,
    lost: stay,
    stop,
  },
  dialing: { start: stay, opened, failed, stranger, introduced: stay, timer: stay, nudge: stay, lost: failed, stop },
  introducing: {
    start: stay,
    opened: stay,
    failed,
    stranger: failed,
    introduced,
    timer: stay,
    nudge: stay,
    lost: failed,
    stop,
  },
  up: {
    start: stay,
    opened: stay,
    failed: lost,
    stranger: stay,
    introduced: stay,
    timer: stay,
    nudge: stay,
    lost,
    stop,
  },
  waiting: {
    start: stay,
    opened: stay,
    failed: stay,
    stranger: stay,
    introduced: stay,
    timer: newRound,
    nudge: redial,
    lost: stay,
    stop,
  },
  stopped: {
    start: stay,
    opened: stay,
    failed: stay,
    stranger: stay,
    introduced: stay,
    timer: stay,
    nudge: stay,
    lost: stay,
    stop: stay,
  },
};

/** The next state and what to do now. Total: never throws. */
export function nextDial(state: DialState, event: DialEvent, context: DialContext): Step {
  return table[state.at][event.on](state, event, context);
}

/** Doubling, capped, with half of it at random so that many nodes do not return in one instant. */
export function backoffMs(round: number, context: DialContext): number {
  const full = Math.min(context.maxDelayMs, context.firstDelayMs * 2 ** Math.min(round, 20));
  return Math.round(full / 2 + (full / 2) * context.jitter);
}

import { describe, expect, it } from 'vitest';
import {
  backoffMs,
  type DialContext,
  type DialEvent,
  type DialState,
  initialDialState,
  nextDial,
  STEADY_AFTER_MS,
} from './dial-machine.ts';

const context: DialContext = { addresses: 2, jitter: 0, firstDelayMs: 500, maxDelayMs: 15_000 };
const events: DialEvent[] = [
  { on: 'start' },
  { on: 'opened' },
  { on: 'failed' },
  { on: 'stranger' },
  { on: 'introduced' },
  { on: 'timer' },
  { on: 'nudge' },
  { on: 'lost', upMs: 0 },
  { on: 'stop' },
];
const places: DialState['at'][] = ['idle', 'dialing', 'introducing', 'up', 'waiting', 'stopped'];

function walk(from: DialState, ...path: DialEvent[]) {
  let step: ReturnType<typeof nextDial> = { state: from, effect: { do: 'nothing' } };
  for (const event of path) step = nextDial(step.state, event, context);
  return step;
}

describe('the dialler', () => {
  it('has an answer for every state and event, and stops for good', () => {
    for (const at of places) {
      for (const event of events) {
        const step = nextDial({ ...initialDialState, at }, event, context);
        expect(places).toContain(step.state.at);
        if (event.on === 'stop') expect(step.state.at).toBe('stopped');
        if (at === 'stopped') expect(step.effect.do).toBe('nothing');
      }
    }
  });

  it('tries every address once before it waits, and waits longer each round up to the cap', () => {
    const first = walk(initialDialState, { on: 'start' });
    expect(first.effect).toEqual({ do: 'dial', address: 0 });
    const second = walk(first.state, { on: 'failed' });
    expect(second.effect).toEqual({ do: 'dial', address: 1 });
    let step = walk(second.state, { on: 'failed' });
    const delays: number[] = [];
    for (let round = 0; round < 8; round++) {
      if (step.effect.do !== 'wait') throw new Error('expected to wait');
      delays.push(step.effect.delayMs);
      step = walk(step.state, { on: 'timer' }, { on: 'failed' }, { on: 'failed' });
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
  });

  it('puts at least half and at most all of the delay before the next try', () => {
    expect(backoffMs(30, { ...context, jitter: 0 })).toBe(7_500);
    expect(backoffMs(30, { ...context, jitter: 0.999_999 })).toBe(15_000);
  });

  it('starts anew after a steady link, and backs off when the link flaps', () => {
    const up = walk(initialDialState, { on: 'start' }, { on: 'opened' }).state;
    const flapping = { ...up, round: 4 };
    expect(walk(flapping, { on: 'lost', upMs: STEADY_AFTER_MS - 1 }).state.round).toBe(5);
    expect(walk(flapping, { on: 'lost', upMs: STEADY_AFTER_MS }).state.round).toBe(0);
  });

  it('exchanges the trust log once with a stranger, then takes a second stranger as a failure', () => {
    const met = walk(initialDialState, { on: 'start' }, { on: 'stranger' });
    expect(met.effect).toEqual({ do: 'introduce', address: 0 });
    const again = walk(met.state, { on: 'introduced' });
    expect(again.effect).toEqual({ do: 'dial', address: 0 });
    expect(walk(again.state, { on: 'stranger' }).effect).toEqual({ do: 'dial', address: 1 });
  });

  it('dials at once when nudged while it waits, and keeps the address that last worked', () => {
    const waiting = walk(
      initialDialState,
      { on: 'start' },
      { on: 'failed' },
      { on: 'opened' },
      { on: 'lost', upMs: 0 },
    );
    expect(waiting.state).toMatchObject({ at: 'waiting', address: 1 });
    expect(walk(waiting.state, { on: 'nudge' }).effect).toEqual({ do: 'dial', address: 1 });
  });
});

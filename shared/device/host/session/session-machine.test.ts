import { describe, expect, it } from 'vitest';
import { type SessionPhase, sessionPhaseSchema } from '#shared/contracts/ipc/index.ts';
import { nextPhase, SESSION_EVENTS, type SessionEvent } from './session-machine.ts';

const walk = (events: readonly SessionEvent[], from: SessionPhase = 'loading') => events.reduce(nextPhase, from);

describe('session', () => {
  it('is total: every phase has an answer to every event, and it is a phase', () => {
    for (const phase of sessionPhaseSchema.options)
      for (const event of SESSION_EVENTS) expect(sessionPhaseSchema.options).toContain(nextPhase(phase, event));
  });

  it.each<[SessionPhase, SessionEvent[]]>([
    ['ready', ['opened']],
    ['ready', ['core-empty', 'claim-begun', 'opened']],
    ['unclaimed', ['core-empty', 'claim-begun', 'claim-cancelled']],
    ['ready', ['core-taken', 'join-begun', 'opened']],
    ['refused', ['core-taken', 'join-begun', 'join-refused']],
    ['stranger', ['core-taken', 'join-begun', 'join-cancelled']],
    ['stranger', ['core-empty', 'claim-begun', 'core-taken']],
    ['ready', ['held-elsewhere', 'taken', 'opened']],
    ['refused', ['opened', 'removed']],
    ['loading', ['opened', 'removed', 'forgotten']],
  ])('ends %s after %j', (phase, events) => {
    expect(walk(events)).toBe(phase);
  });

  it('a device that is in its fleet is not thrown out of it by what the core says', () => {
    expect(walk(['core-empty', 'core-taken', 'join-refused'], 'ready')).toBe('ready');
  });

  it('every phase but loading can be reached', () => {
    const reached = new Set<SessionPhase>(['loading']);
    for (let before = 0; before < reached.size; ) {
      before = reached.size;
      for (const phase of [...reached]) for (const event of SESSION_EVENTS) reached.add(nextPhase(phase, event));
    }
    expect([...reached].sort()).toEqual([...sessionPhaseSchema.options].sort());
  });
});

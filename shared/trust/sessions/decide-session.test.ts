import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import { openEnvelope, signEnvelope, trustKeys } from '../index.ts';
import {
  type Actor,
  addPerson,
  at,
  codeOf,
  coreSpki,
  createActor,
  createTestFleet,
  extend,
  NOON,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';
import { decideSession, mayHoldSession, sessionKeys } from './decide-session.ts';

const MINUTE = 60_000;
const challenge = 'a-fresh-challenge-of-the-core';
let fleet: TestFleet;
let helper: Actor;

beforeAll(async () => {
  fleet = await createTestFleet();
  helper = await createActor('helper');
  fleet = { ...fleet, state: await addPerson(fleet.state, fleet.owner, helper, 'viewer') };
});

async function ask(changes: object = {}, question: object = {}, by = fleet.owner) {
  const payload = { fleet: fleet.state.fleet, coreSpki, challenge, expiresAt: at(15 * MINUTE), ...changes };
  const envelope = await signEnvelope('session', payload, by.key.signer);
  // Also a node's, so that decideSession is asked about it.
  const keys = (id: string) => sessionKeys(fleet.state)(id) ?? trustKeys(fleet.state)(id);
  const opened = unwrap(await openEnvelope(envelope, { kind: 'session', fleet: payload.fleet, keys }));
  return decideSession({ opened, coreSpki, challenge, state: fleet.state, now: NOON, ...question });
}

describe('SES-1: the challenge', () => {
  it('SES-1: a claim answers this one and no other', async () => {
    expect(unwrap(await ask())).toEqual({ deviceId: fleet.owner.id, expiresAt: at(15 * MINUTE) });
    expect(codeOf(await ask({ challenge: 'an-older-challenge-of-the-core' }))).toBe('session.wrong-challenge');
    expect(codeOf(await ask({}, { challenge: `${challenge}x` }))).toBe('session.wrong-challenge');
  });

  it('SES-1: a short challenge can not be signed', async () => {
    await expect(ask({ challenge: 'short' })).rejects.toThrow(/challenge/);
  });
});

it('SES-2: a claim that was made for another core is refused: nobody can relay it', async () => {
  expect(codeOf(await ask({ coreSpki: sha256Hex(utf8('evil core')) }))).toBe('session.wrong-core');
  expect(codeOf(await ask({ fleet: sha256Hex(utf8('other')) }))).toBe('session.wrong-fleet');
});

it('SES-3: a session lasts at most 15 minutes by the clock of the core', async () => {
  expect(codeOf(await ask({ expiresAt: at(0) }))).toBe('session.expired');
  expect(unwrap(await ask({ expiresAt: at(16 * MINUTE) })).expiresAt).toBe(at(15 * MINUTE));
  expect(codeOf(await ask({ expiresAt: at(16 * MINUTE + 1) }))).toBe('session.too-long');
  const ahead = await ask({}, { now: NOON + 24 * 60 * MINUTE });
  expect(ahead.ok ? '' : ahead.error.message).toMatch(/2026-03-01T12:15.*clock says 2026-03-02T12:00/);
});

it('SES-4: every device that may read and the recovery key get one, a node and automation do not', async () => {
  expect(codeOf(await ask({}, {}, helper))).toBe('ok');
  expect(codeOf(await ask({}, {}, fleet.recovery))).toBe('ok');
  expect(codeOf(await ask({}, {}, fleet.node))).toBe('session.not-a-device');
  const robot = await createActor('robot');
  const state = await addPerson(fleet.state, fleet.owner, robot, 'owner', 'automation');
  fleet = { ...fleet, state };
  expect(codeOf(await ask({}, { state }, robot))).toBe('trust.not-allowed');
});

it('SES-4: a session of automation ends with the grant that lets it read', async () => {
  const robot = await createActor('robot with a grant');
  const enrolled = await addPerson(fleet.state, fleet.owner, robot, 'owner', 'automation');
  const grant = (name: string, more: object) =>
    ({ kind: 'grant', grantId: testId(name), to: { deviceId: robot.id }, role: 'viewer', ...more }) as const;
  const short = await extend(enrolled, fleet.owner, grant('short', { expiresAt: at(5 * MINUTE) }));
  const opened = async (state: typeof enrolled) => {
    fleet = { ...fleet, state };
    return unwrap(await ask({}, { state }, robot)).expiresAt;
  };
  expect(await opened(short)).toBe(at(5 * MINUTE));
  const holds = (state: typeof enrolled, minutes: number) => mayHoldSession(state, robot.id, NOON + minutes * MINUTE);
  expect([holds(enrolled, 0), holds(short, 4), holds(short, 5)]).toEqual([false, true, false]);
  const taken = await extend(short, fleet.owner, grant('short', { role: null }));
  expect(holds(taken, 1)).toBe(false);
  const both = await extend(short, fleet.owner, grant('long', {}));
  expect([await opened(both), holds(both, 60)]).toEqual([at(15 * MINUTE), true]);
  expect([fleet.owner, fleet.recovery, fleet.node].map(({ id }) => mayHoldSession(both, id, NOON))).toEqual([
    true,
    true,
    false,
  ]);
});

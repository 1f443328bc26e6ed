import { beforeAll, expect, it } from 'vitest';
import type { Envelope, TrustState } from '#shared/trust/index.ts';
import {
  type Actor,
  codeOf,
  createActor,
  createTestFleet,
  deviceOf,
  extend,
  type TestFleet,
  testId,
} from '#shared/trust/testing/test-fleet.ts';
import { verifyJoined } from './verify-joined.ts';

let fleet: TestFleet;
let second: Actor;
let tablet: Actor;
let joined: TrustState;

beforeAll(async () => {
  fleet = await createTestFleet('joined');
  [second, tablet] = await Promise.all([createActor('second joined'), createActor('tablet joined')]);
  const add = (actor: Actor, name: string) =>
    ({ kind: 'add-device', device: deviceOf(actor, name), personId: testId('ann') }) as const;
  joined = await extend(fleet.state, fleet.owner, add(second, 'second'));
  joined = await extend(joined, second, add(tablet, 'renamed by the approver'));
});

const verify = async (trust: readonly Envelope[], change: object = {}, approver = second) =>
  codeOf(
    await verifyJoined(trust, {
      fleet: fleet.state.fleet,
      device: { ...deviceOf(tablet, 'tablet'), ...change },
      answer: { approver: approver.id, nonce: 'A'.repeat(43) },
    }),
  );

it('ENR-7: takes the log in which the approver signed exactly this device in', async () => {
  expect(await verify(joined.entries)).toBe('ok');
});

it('ENR-7: takes no log that does not name it, or names other keys', async () => {
  expect(await verify(fleet.state.entries)).toBe('enrol.false-log');
  expect(await verify([])).toBe('enrol.false-log');
  expect(await verify(joined.entries, { ageRecipient: second.sealing.recipient })).toBe('enrol.false-log');
  expect(await verify(joined.entries, { kind: 'browser' })).toBe('enrol.false-log');
});

it('ENR-7: takes no log in which another device than the one it compared codes with signed it in', async () => {
  expect(await verify(joined.entries, {}, fleet.owner)).toBe('enrol.false-log');
});

it('LOG-1: takes no log of another fleet', async () => {
  const other = await createTestFleet('another joined');
  expect(await verify(other.state.entries)).toBe('trust.wrong-fleet');
});

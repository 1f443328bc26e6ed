import { beforeAll, describe, expect, it } from 'vitest';
import { isOwnersRelease } from '../index.ts';
import {
  type Actor,
  addPerson,
  createActor,
  createTestFleet,
  deviceOf,
  extend,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';
import type { TrustState } from './state.ts';

const release = (number: number) => ({
  appId: testId('app'),
  node: testId('node'),
  number,
  header: `${number}`.repeat(64),
});

describe('LOG-19: whether a release is signed by an owner', () => {
  let fleet: TestFleet;
  let phone: Actor;
  let tab: Actor;
  let operator: Actor;
  let state: TrustState;

  const revoked = (deviceId: string, releases: ReturnType<typeof release>[]) =>
    extend(state, fleet.owner, {
      kind: 'revoke-device',
      deviceId,
      cutoff: { rows: [], releases, audit: null },
    });

  beforeAll(async () => {
    fleet = await createTestFleet('permissions');
    [phone, tab, operator] = (await Promise.all(
      ['phone', 'tab', 'operator'].map((name) => createActor(`permissions ${name}`)),
    )) as [Actor, Actor, Actor];
    const personId = testId('ann');
    state = await extend(fleet.state, fleet.owner, { kind: 'add-device', device: deviceOf(phone, 'phone'), personId });
    state = await extend(state, fleet.owner, { kind: 'add-device', device: deviceOf(tab, 'tab', 'browser'), personId });
    state = await addPerson(state, fleet.owner, operator, 'operator');
  });

  it("LOG-19: of a device that stands, by its owner's desktop or CLI only", () => {
    const isOwners = ({ id }: Actor) => isOwnersRelease(state, id, release(1));
    expect([fleet.owner, phone, tab, operator].map(isOwners)).toEqual([true, true, false, false]);
    expect(isOwnersRelease(state, testId('nobody'), release(1))).toBe(false);
  });

  it('LOG-19: of a device that was revoked, up to its cut-off', async () => {
    const after = await revoked(phone.id, [release(2)]);
    expect([1, 2, 3].map((number) => isOwnersRelease(after, phone.id, release(number)))).toEqual([true, true, false]);
    expect(isOwnersRelease(after, phone.id, { ...release(2), header: 'f'.repeat(64) })).toBe(false);
    expect(isOwnersRelease(after, phone.id, { ...release(1), appId: testId('other') })).toBe(false);
    expect(isOwnersRelease(after, phone.id, { ...release(1), node: testId('other') })).toBe(false);
    expect(isOwnersRelease(await revoked(phone.id, []), phone.id, release(1))).toBe(false);
  });

  it('LOG-19: a cut-off makes no owner of a browser or an operator', async () => {
    for (const { id } of [tab, operator])
      expect(isOwnersRelease(await revoked(id, [release(2)]), id, release(1))).toBe(false);
  });

  it('LOG-19: also where the person was revoked, whose devices end with it', async () => {
    const after = await extend(await revoked(phone.id, [release(2)]), fleet.recovery, {
      kind: 'revoke-person',
      personId: testId('ann'),
      cutoff: { rows: [], releases: [release(2)], audit: null },
    });
    expect([phone.id, fleet.owner.id].map((id) => isOwnersRelease(after, id, release(2)))).toEqual([true, true]);
    expect(isOwnersRelease(after, phone.id, release(3))).toBe(false);
  });
});

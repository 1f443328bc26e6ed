import { expect, test } from 'vitest';
import { emptyCutoff } from '#shared/trust/index.ts';
import { APP, createActor, createTestFleet, deviceOf, extend, testId } from '#shared/trust/testing/test-fleet.ts';
import { voidSignerOf } from './void-release.ts';

test('LOG-19: a release above the cut-off of the revoked device that signed it is void, by the name of that device', async () => {
  const fleet = await createTestFleet('void release');
  const thief = await createActor('thief of releases');
  const personId = testId('ann');
  const device = deviceOf(thief, 'stolen');
  const before = await extend(fleet.state, fleet.owner, { kind: 'add-device', device, personId });
  const place = (number: number) => ({ appId: APP, node: fleet.node.id, number, header: `${number}`.repeat(64) });
  expect(voidSignerOf(before, thief.id, place(2))).toBeNull();
  const cutoff = { ...emptyCutoff, releases: [place(1)] };
  const after = await extend(before, fleet.owner, { kind: 'revoke-device', deviceId: thief.id, cutoff });
  expect(voidSignerOf(after, thief.id, place(1))).toBeNull();
  expect(voidSignerOf(after, thief.id, place(2))).toBe('stolen');
  expect(voidSignerOf(after, fleet.owner.id, place(2))).toBeNull();
  expect(voidSignerOf(after, undefined, place(2))).toBeNull();
});

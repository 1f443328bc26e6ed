import { beforeEach, describe, expect, it } from 'vitest';
import { contentHashOf, type ReleaseBody, releaseBodySchema } from '#shared/domain/apps/index.ts';
import { type Result, randomId, sha256Hex, systemRandom } from '#shared/kernel/index.ts';
import {
  emptyBase,
  emptyFloor,
  floorAfterAccept,
  generateSealingKey,
  generateSigningKey,
  type ReleaseFloor,
  type Signer,
} from '#shared/trust/index.ts';
import { createTestFleet, type SignedRelease, type TestFleet } from '../testing/test-fleet.ts';
import { verifyRelease } from './verify-release.ts';

const [appId, node, grantId] = [randomId(systemRandom), randomId(systemRandom), randomId(systemRandom)];
let fleet: TestFleet;
let robot: Signer;
let first: SignedRelease;
let floor: ReleaseFloor;

const bodyOf = (ref: string, more: object = {}): ReleaseBody =>
  releaseBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: `services:\n  web:\n    image: ${ref}\n`,
    images: { web: { ref, digest: null } },
    ...more,
  });
const before = bodyOf('registry.example/app:1');
let earlier: string[] = [];

beforeEach(async () => {
  earlier = [];
  fleet = await createTestFleet({ httpPort: 1, linkPort: 2 });
  const [key, age] = [await generateSigningKey(), await generateSealingKey()];
  robot = key.signer;
  const device = {
    deviceId: robot.keyId,
    name: 'ci',
    kind: 'automation' as const,
    signKey: key.publicKey,
    ageRecipient: age.recipient,
  };
  await fleet.addEntry({ kind: 'add-device', personId: [...fleet.state.persons.keys()][0] ?? '', device });
  await give({ content: { images: ['registry.example/app'] } });
  first = await fleet.signRelease({ node, appId, number: 1, previous: null, body: before });
  const taken = await verify(first, emptyFloor);
  if (!taken.ok || !('accept' in taken.value)) throw new Error('the owner deploys');
  floor = floorAfterAccept(emptyFloor, taken.value.accept);
});

/** The one grant of the robot. */
const give = (limits: object) =>
  fleet.addEntry({ kind: 'grant', grantId, to: { deviceId: robot.keyId }, role: 'operator', apps: [appId], ...limits });
const verify = (release: SignedRelease, at: ReleaseFloor, previous: ReleaseBody | null = before) =>
  verifyRelease(
    { appId, chain: [release.envelope], body: release.body },
    {
      floor: at,
      base: emptyBase,
      state: fleet.state,
      node,
      now: Date.now(),
      previous: () => previous,
      running: () => previous,
      isEarlierBody: (...known) => known.some((one) => earlier.includes(one)),
    },
  );
const sign = (body: ReleaseBody, of: { appId?: string; previous?: string } = {}) =>
  fleet.signRelease({ node, appId, number: 2, previous: first.header, body, signer: robot, ...of });
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);

describe('P1 REL-17: a device with a narrow grant', () => {
  it('REL-17: deploys another image of its repository and nothing else', async () => {
    expect(codeOf(await verify(await sign(bodyOf('registry.example/app:2')), floor))).toBe('ok');
    const evil = await sign(bodyOf('evil.example/app:2'));
    expect(codeOf(await verify(evil, floor))).toBe('release.content-not-granted');
    const removal = await sign(bodyOf('registry.example/app:2', { state: 'removed' }));
    expect(codeOf(await verify(removal, floor))).toBe('trust.not-allowed');
  });

  it('REL-17: not where this node does not hold the release before it', async () => {
    const release = await sign(bodyOf('registry.example/app:2'));
    expect(codeOf(await verify(release, floor, null))).toBe('release.content-not-granted');
    const alone = await fleet.signRelease({ node, appId, number: 1, previous: null, body: before, signer: robot });
    expect(codeOf(await verify(alone, emptyFloor, null))).toBe('release.content-not-granted');
  });
});

describe('P1 REL-18: a device that may only some verbs', () => {
  const newer = bodyOf('registry.example/app:2');
  const [stopped, removed] = [
    { ...before, state: 'stopped' },
    { ...before, state: 'removed' },
  ] as [ReleaseBody, ReleaseBody];
  const answers = async (bodies: readonly ReleaseBody[], previous = before) =>
    Promise.all(bodies.map(async (body) => codeOf(await verify(await sign(body), floor, previous))));

  it('REL-18: gets each verb by its own grant, whatever the core is told', async () => {
    const bodies = [newer, stopped, removed];
    await give({ verbs: ['deploy'] });
    expect(await answers(bodies)).toEqual(['ok', 'trust.not-allowed', 'trust.not-allowed']);
    await give({ verbs: ['stop'] });
    expect(await answers(bodies)).toEqual(['trust.not-allowed', 'ok', 'trust.not-allowed']);
    await give({ verbs: ['remove'] });
    expect(await answers(bodies)).toEqual(['trust.not-allowed', 'trust.not-allowed', 'ok']);
    await give({ verbs: ['start'] });
    expect(await answers(bodies)).toEqual(bodies.map(() => 'trust.not-allowed'));
    expect(await answers([before, newer], stopped)).toEqual(['ok', 'trust.not-allowed']);
    await give({});
    expect(await answers(bodies)).toEqual(['ok', 'ok', 'ok']);
  });

  it('REL-18: rolls back to what was accepted here and to nothing else', async () => {
    await give({ verbs: ['rollback'] });
    const release = await sign(newer);
    expect(codeOf(await verify(release, floor))).toBe('trust.not-allowed');
    earlier = [sha256Hex(release.body)];
    expect(codeOf(await verify(release, floor))).toBe('ok');
    // Written down anew by a program that knows one more field: other bytes, the same content.
    earlier = [contentHashOf(newer)];
    const anew = Object.fromEntries([...Object.entries({ ...newer, another: [] })].reverse()) as ReleaseBody;
    expect(codeOf(await verify(await sign(anew), floor))).toBe('ok');
    expect(codeOf(await verify(await sign({ ...newer, state: 'stopped' } as ReleaseBody), floor))).toBe(
      'trust.not-allowed',
    );
  });

  it('REL-17 REL-18: a stop by its own grant is not held to the contents of another', async () => {
    await fleet.addEntry({
      kind: 'grant',
      grantId: randomId(systemRandom),
      to: { deviceId: robot.keyId },
      role: 'operator',
      verbs: ['stop'],
    });
    expect(await answers([stopped, newer, bodyOf('evil.example/app:2')])).toEqual([
      'ok',
      'ok',
      'release.content-not-granted',
    ]);
  });
});

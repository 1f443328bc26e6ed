import { beforeEach, describe, expect, it } from 'vitest';
import { type ReleaseBody, releaseBodySchema } from '#shared/domain/apps/index.ts';
import { type Result, randomId, systemRandom } from '#shared/kernel/index.ts';
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

const [appId, node] = [randomId(systemRandom), randomId(systemRandom)];
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

beforeEach(async () => {
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
  await fleet.addEntry({
    kind: 'grant',
    grantId: randomId(systemRandom),
    to: { deviceId: robot.keyId },
    role: 'operator',
    apps: [appId],
    content: { images: ['registry.example/app'] },
  });
  first = await fleet.signRelease({ node, appId, number: 1, previous: null, body: before });
  const taken = await verify(first, emptyFloor);
  if (!taken.ok || !('accept' in taken.value)) throw new Error('the owner deploys');
  floor = floorAfterAccept(emptyFloor, taken.value.accept);
});

const verify = (release: SignedRelease, at: ReleaseFloor, previous: ReleaseBody | null = before) =>
  verifyRelease(
    { appId, chain: [release.envelope], body: release.body },
    { floor: at, base: emptyBase, state: fleet.state, node, now: Date.now(), previous: () => previous },
  );
const sign = (body: ReleaseBody, of: { appId?: string; previous?: string } = {}) =>
  fleet.signRelease({ node, appId, number: 2, previous: first.header, body, signer: robot, ...of });
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);

describe('P1 REL-17: a device with a narrow grant', () => {
  it('REL-17: deploys another image of its repository and nothing else', async () => {
    expect(codeOf(await verify(await sign(bodyOf('registry.example/app:2')), floor))).toBe('ok');
    const refused = [bodyOf('evil.example/app:2'), bodyOf('registry.example/app:2', { state: 'removed' })];
    for (const body of refused)
      expect(codeOf(await verify(await sign(body), floor))).toBe('release.content-not-granted');
  });

  it('REL-17: not where this node does not hold the release before it', async () => {
    const release = await sign(bodyOf('registry.example/app:2'));
    expect(codeOf(await verify(release, floor, null))).toBe('release.content-not-granted');
    const alone = await fleet.signRelease({ node, appId, number: 1, previous: null, body: before, signer: robot });
    expect(codeOf(await verify(alone, emptyFloor, null))).toBe('release.content-not-granted');
  });
});

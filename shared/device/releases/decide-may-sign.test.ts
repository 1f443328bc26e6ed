import { beforeAll, describe, expect, it } from 'vitest';
import { type ReleaseBody, releaseBodySchema } from '#shared/domain/apps/index.ts';
import type { TrustState } from '#shared/trust/index.ts';
import {
  type Actor,
  addPerson,
  at,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  NOON,
  type TestFleet,
  testId,
} from '../../trust/testing/test-fleet.ts';
import { decideMaySign, type WantedRelease } from './decide-may-sign.ts';

const [appId, other] = [testId('wiki'), testId('photos')];
const bodyOf = (image: string, more: object = {}): ReleaseBody =>
  releaseBodySchema.parse({
    ...{ v: 1, kind: 'app', name: 'wiki', state: 'running' },
    compose: `services:\n  web:\n    image: ${image}\n`,
    images: { web: { ref: image, digest: null } },
    ...more,
  });
const present = bodyOf('registry.example/wiki:1');
const next = bodyOf('registry.example/wiki:2');
const stopped = { ...present, state: 'stopped' } as ReleaseBody;
const opening = releaseBodySchema.parse({
  ...{ v: 1, kind: 'opening', name: 'media', state: 'running' },
  ...{ what: 'folder', path: '/srv/media' },
});

let fleet: TestFleet;
let guest: Actor;
let viewer: TrustState;

beforeAll(async () => {
  fleet = await createTestFleet();
  guest = await createActor('guest');
  viewer = await addPerson(fleet.state, fleet.owner, guest, 'viewer');
});

/** The log in which the viewer's device has this grant as well. */
const granting = (limits: object) =>
  extend(viewer, fleet.owner, {
    ...{ kind: 'grant', grantId: testId('grant'), to: { deviceId: guest.id }, role: 'operator' },
    ...limits,
  });
const asks = (state: TrustState, body: ReleaseBody, more: Partial<WantedRelease> = {}) =>
  codeOf(
    decideMaySign({
      ...{ state, signer: guest.id, verb: 'deploy', appId, node: fleet.node.id, body, base: present, now: NOON },
      ...more,
    }),
  );

describe('P1 REL-17 REL-18: what a device offers to sign is what core and node will take', () => {
  it('nothing of a viewer, everything of an owner', async () => {
    expect(asks(viewer, next)).toBe('trust.not-allowed');
    for (const body of [next, stopped, opening]) expect(asks(viewer, body, { signer: fleet.owner.id })).toBe('ok');
  });

  it('LOG-20: a grant counts on its app, on its node and until its end', async () => {
    const ofApp = await granting({ apps: [appId] });
    expect([asks(ofApp, next), asks(ofApp, next, { appId: other })]).toEqual(['ok', 'trust.not-allowed']);
    const ofNode = await granting({ nodes: [fleet.node.id] });
    expect([asks(ofNode, next), asks(ofNode, next, { node: testId('cellar') })]).toEqual(['ok', 'trust.not-allowed']);
    const ending = await granting({ apps: [appId], expiresAt: at(60_000) });
    expect([asks(ending, next), asks(ending, next, { now: NOON + 61_000 })]).toEqual(['ok', 'trust.not-allowed']);
  });

  it('REL-18: the verb is that of the body, whatever the plan is called', async () => {
    const mayStop = await granting({ apps: [appId], verbs: ['stop'] });
    expect([asks(mayStop, stopped, { verb: 'stop' }), asks(mayStop, next, { verb: 'stop' })]).toEqual([
      'ok',
      'trust.not-allowed',
    ]);
    const mayRollBack = await granting({ apps: [appId], verbs: ['rollback'] });
    expect([asks(mayRollBack, next, { verb: 'rollback' }), asks(mayRollBack, next)]).toEqual([
      'ok',
      'trust.not-allowed',
    ]);
  });

  it('REL-17: a grant with contents is held against the release before', async () => {
    const narrow = await granting({ apps: [appId], verbs: ['deploy'], content: { images: ['registry.example/wiki'] } });
    expect([
      asks(narrow, next),
      asks(narrow, bodyOf('evil.example/wiki:2')),
      asks(narrow, next, { base: null }),
    ]).toEqual(['ok', 'release.content-not-granted', 'release.content-not-granted']);
  });

  it('LOG-13: what only owners open stays theirs, whatever a grant says', async () => {
    const wide = await granting({});
    expect(asks(wide, opening, { base: null })).not.toBe('ok');
  });
});

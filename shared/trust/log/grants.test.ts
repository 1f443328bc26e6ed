import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  contentLimitsOf,
  createTrustState,
  decideClearLogs,
  decideDeviceMay,
  emptyCutoff,
  type Grant,
  grantsOf,
  isOwnerDevice,
  type OrderScope,
  rightEndsAtMs,
  type TrustEntry,
  type TrustState,
} from '../index.ts';
import {
  type Actor,
  addPerson,
  at,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  NOON,
  sign,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

let fleet: TestFleet;
let viewer: Actor;
let robot: Actor;
let base: TrustState;

const [app, other, node] = [testId('app'), testId('other'), testId('node')];
const grant = (to: Grant['to'], more: Partial<Grant> = {}): TrustEntry => ({
  kind: 'grant',
  grantId: testId('grant'),
  to,
  role: 'operator',
  ...more,
});
const toRobot = () => ({ deviceId: robot.id });
const given = (more: Partial<Grant>) => extend(base, fleet.owner, grant(toRobot(), more));
const may = (state: TrustState, verb: string, scope: OrderScope = {}) =>
  decideDeviceMay(state, robot.id, verb, scope).ok;

beforeAll(async () => {
  fleet = await createTestFleet('grants');
  [viewer, robot] = (await Promise.all(['viewer', 'robot'].map((name) => createActor(`grants ${name}`)))) as [
    Actor,
    Actor,
  ];
  base = await addPerson(fleet.state, fleet.owner, viewer, 'viewer');
  base = await addPerson(base, fleet.owner, robot, 'owner', 'automation');
});

describe('LOG-20: grants', () => {
  it('LOG-20: give automation the verbs of an operator, and never those of an owner', async () => {
    expect(may(base, 'read')).toBe(false);
    const state = await given({});
    expect(['read', 'deploy', 'restart'].map((verb) => may(state, verb))).toEqual([true, true, true]);
    expect(['ingress', 'enrol', 'trust'].map((verb) => may(state, verb))).toEqual([false, false, false]);
    expect(isOwnerDevice(state, robot.id)).toBe(false);
    await expect(sign(base, fleet.owner, grant(toRobot(), { role: 'owner' as never }))).resolves.toBeDefined();
    const owner = await sign(base, fleet.owner, grant(toRobot(), { role: 'owner' as never }));
    expect(codeOf(await applyTrustEntries(base, [owner]))).toBe('trust.bad-payload');
  });

  it('LOG-20: add to what a person has, on each of the devices', async () => {
    const personId = base.devices.get(viewer.id)?.personId ?? '';
    const state = await extend(base, fleet.owner, grant({ personId }, { apps: [app], verbs: ['restart'] }));
    const may = (verb: string, appId: string) => decideDeviceMay(state, viewer.id, verb, { appId }).ok;
    expect([may('read', other), may('restart', app), may('restart', other), may('deploy', app)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('LOG-20: are replaced and taken back by their id; of two versions at once none counts', async () => {
    const first = await given({});
    const less = await extend(first, fleet.owner, grant(toRobot(), { role: 'viewer' }));
    expect([may(less, 'read'), may(less, 'deploy')]).toEqual([true, false]);
    const none = await extend(less, fleet.owner, grant(toRobot(), { role: null }));
    expect([may(none, 'read'), none.grants.size]).toEqual([false, 0]);
    const both = unwrap(
      await applyTrustEntries(createTrustState(), [...first.entries, ...(await given({ apps: [app] })).entries]),
    ).state;
    expect([may(both, 'read'), both.clashes[0]?.what]).toEqual([false, 'grant']);
  });

  it('LOG-20: end with their device or person', async () => {
    const state = await given({});
    const device = state.devices.get(robot.id);
    if (!device) throw new Error('the robot stands');
    expect(grantsOf(state, device)).toHaveLength(1);
    const gone = await extend(state, fleet.owner, {
      kind: 'revoke-person',
      personId: device.personId,
      cutoff: emptyCutoff,
    });
    expect(codeOf(decideDeviceMay(gone, robot.id, 'read'))).toBe('trust.revoked');
    expect(grantsOf(gone, device)).toEqual([]);
  });

  it('LOG-20: count for nobody but whom they are made out to', async () => {
    const viewerMay = (state: TrustState) => decideDeviceMay(state, viewer.id, 'deploy', { appId: app }).ok;
    const toDevice = await given({});
    expect([may(toDevice, 'deploy'), viewerMay(toDevice)]).toEqual([true, false]);
    const personId = base.devices.get(viewer.id)?.personId ?? '';
    const toPerson = await extend(base, fleet.owner, grant({ personId }));
    expect([may(toPerson, 'deploy', { appId: app }), viewerMay(toPerson)]).toEqual([false, true]);
    const token: TrustEntry = grant({ tokenId: robot.id }, { role: 'viewer', verbs: ['clear-logs'], apps: [app] });
    expect(may(await extend(base, fleet.owner, token), 'read', { appId: app })).toBe(false);
  });

  it('LOG-20 LOG-5: are for somebody who is there', async () => {
    const refusal = async (to: Grant['to']) =>
      codeOf(await applyTrustEntries(base, [await sign(base, fleet.owner, grant(to))]));
    expect(await refusal({ personId: testId('nobody') })).toBe('trust.unknown-person');
    expect(await refusal({ deviceId: testId('nothing') })).toBe('trust.unknown-id');
  });
});

describe('LOG-21: limits', () => {
  it('LOG-21: nodes and apps: what is asked about lies within; what belongs to no app lies outside', async () => {
    const state = await given({ apps: [app], nodes: [node] });
    expect(may(state, 'deploy', { appId: app, node })).toBe(true);
    expect(may(state, 'deploy', { appId: other, node })).toBe(false);
    expect(may(state, 'deploy', { appId: app, node: testId('elsewhere') })).toBe(false);
    expect(may(state, 'edit', { appId: null })).toBe(false);
    expect(may(await given({}), 'edit', { appId: null })).toBe(true);
  });

  it('LOG-21: a row lies on no node: where nodes are named, only named apps are edited', async () => {
    const edit = (state: TrustState, appId: string | null) => may(state, 'edit', { appId, node: null });
    const wide = await given({ nodes: [node] });
    expect([edit(wide, app), edit(wide, null), may(wide, 'deploy', { appId: app, node })]).toEqual([
      false,
      false,
      true,
    ]);
    const narrow = await given({ nodes: [node], apps: [app] });
    expect([edit(narrow, app), edit(narrow, other), edit(narrow, null)]).toEqual([true, false, false]);
  });

  it('LOG-21: verbs', async () => {
    const state = await given({ verbs: ['read', 'restart'] });
    expect(['read', 'restart', 'deploy'].map((verb) => may(state, verb))).toEqual([true, true, false]);
  });

  it('LOG-21: time: before it is over, by the clock of who asks, and not without one', async () => {
    const state = await given({ expiresAt: at(1_000) });
    expect(may(state, 'deploy', { now: NOON + 999 })).toBe(true);
    expect(may(state, 'deploy', { now: NOON + 1_000 })).toBe(false);
    expect(may(state, 'deploy')).toBe(false);
  });

  it('LOG-21: content: reads and deploys, nothing else', async () => {
    const state = await given({ content: { images: ['registry.example/app'] } });
    const verbs = ['read', 'deploy', 'edit', 'remove', 'stop', 'restart', 'ingress'];
    expect(verbs.filter((verb) => may(state, verb))).toEqual(['read', 'deploy']);
  });

  it('REL-17: the contents that a device is held to are those of its grants, unless one has none', async () => {
    const content = { images: ['registry.example/app'] };
    const narrow = await given({ content, apps: [app] });
    const limits = (state: TrustState, deviceId = robot.id, appId = app) =>
      contentLimitsOf(state, deviceId, ['deploy'], { appId });
    expect(limits(narrow)).toEqual([content]);
    expect(limits(narrow, robot.id, other)).toEqual([]);
    expect(limits(narrow, fleet.owner.id)).toBeUndefined();
    const wide = await extend(narrow, fleet.owner, { ...grant(toRobot()), grantId: testId('wide') } as TrustEntry);
    expect(limits(wide)).toBeUndefined();
    const stops = await extend(narrow, fleet.owner, {
      ...grant(toRobot(), { verbs: ['stop'] }),
      grantId: testId('stops'),
    } as TrustEntry);
    expect([limits(stops), contentLimitsOf(stops, robot.id, ['stop'], { appId: app })]).toEqual([[content], undefined]);
  });

  it('REL-17: what a role gives by itself is held to no content of a grant', async () => {
    const content = { images: ['registry.example/app'] };
    const state = await extend(base, fleet.owner, grant({ deviceId: viewer.id }, { content, apps: [app] }));
    const limits = (verb: string) => contentLimitsOf(state, viewer.id, [verb], { appId: app });
    expect([limits('read'), limits('deploy')]).toEqual([undefined, [content]]);
    expect(contentLimitsOf(state, testId('nothing'), ['deploy'], { appId: app })).toBeUndefined();
  });
});

describe('SES-4: until when a right lasts', () => {
  const ends = (state: TrustState, deviceId: string, verb = 'deploy', appId = app) =>
    rightEndsAtMs(state, deviceId, verb, { appId, now: NOON });

  it('SES-4: as long as the longest grant that gives it', async () => {
    const short = await given({ expiresAt: at(1_000) });
    expect(ends(short, robot.id)).toBe(NOON + 1_000);
    const more = (grantId: string, limits: Partial<Grant>) =>
      extend(short, fleet.owner, { ...grant(toRobot(), limits), grantId } as TrustEntry);
    expect(ends(await more(testId('longer'), { expiresAt: at(2_000) }), robot.id)).toBe(NOON + 2_000);
    expect(ends(await more(testId('forever'), {}), robot.id)).toBeUndefined();
  });

  it('SES-4: a grant of something else lengthens nothing', async () => {
    const short = await given({ expiresAt: at(1_000) });
    const elsewhere = { ...grant(toRobot(), { apps: [other] }), grantId: testId('elsewhere') } as TrustEntry;
    const state = await extend(short, fleet.owner, elsewhere);
    expect([ends(state, robot.id), ends(state, robot.id, 'deploy', other)]).toEqual([NOON + 1_000, undefined]);
  });

  it('SES-4: without an end where the role gives it', async () => {
    const personId = base.devices.get(viewer.id)?.personId ?? '';
    const state = await extend(base, fleet.owner, grant({ personId }, { expiresAt: at(1_000) }));
    expect([ends(state, viewer.id, 'read'), ends(state, viewer.id), ends(state, fleet.owner.id)]).toEqual([
      undefined,
      NOON + 1_000,
      undefined,
    ]);
  });
});

describe('LOG-26: grants to API tokens', () => {
  const token = testId('token');
  const toToken = (more: Partial<Grant> = {}): TrustEntry =>
    ({ ...grant({ tokenId: token }, { role: 'viewer', verbs: ['clear-logs'], apps: [app], ...more }) }) as TrustEntry;
  const reads = (state: TrustState, scope: object = {}) =>
    decideClearLogs(state, token, { node, appId: app, now: NOON, ...scope }).ok;

  it('LOG-26: hold for the named apps and nodes, until they end or are taken back', async () => {
    expect(reads(base)).toBe(false);
    const state = await extend(base, fleet.owner, toToken({ nodes: [node], expiresAt: at(1_000) }));
    expect(reads(state)).toBe(true);
    for (const scope of [{ appId: other }, { node: testId('elsewhere') }, { now: NOON + 1_000 }])
      expect(reads(state, scope)).toBe(false);
    expect(decideClearLogs(state, testId('another'), { node, appId: app, now: NOON }).ok).toBe(false);
    const wide = await extend(base, fleet.owner, toToken());
    expect([reads(wide), reads(wide, { node: testId('elsewhere'), now: NOON + 1e12 })]).toEqual([true, true]);
    const none = await extend(state, fleet.owner, toToken({ role: null }));
    expect([reads(none), none.grants.size]).toEqual([false, 0]);
  });

  it('LOG-26: hold nothing else, and no other grant gives clear-logs', async () => {
    const content = { images: ['registry.example/app'] };
    for (const more of [
      { verbs: ['clear-logs', 'read'] },
      { verbs: ['deploy'] },
      { role: 'operator' as const },
      { content },
    ])
      expect(codeOf(await applyTrustEntries(base, [await sign(base, fleet.owner, toToken(more))]))).toBe(
        'trust.bad-grant',
      );
    for (const missing of ['apps', 'verbs'] as const)
      expect(
        codeOf(await applyTrustEntries(base, [await sign(base, fleet.owner, toToken({ [missing]: undefined }))])),
      ).toBe('trust.bad-grant');
    const state = await given({ verbs: ['clear-logs', 'read'], apps: [app] });
    expect([reads(state), may(state, 'clear-logs'), may(state, 'logs')]).toEqual([false, false, false]);
    expect(decideClearLogs(state, robot.id, { node, appId: app, now: NOON }).ok).toBe(false);
  });
});

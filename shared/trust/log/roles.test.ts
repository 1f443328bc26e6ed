import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type DeviceKind,
  decideDeviceMay,
  isOwnerDevice,
  isProvisionalFleet,
  ownerRecipients,
  type Role,
  roleOf,
  roleOfKind,
  type TrustState,
} from '../index.ts';
import {
  type Actor,
  addPerson,
  codeOf,
  createActor,
  createTestFleet,
  deviceOf,
  extend,
  nodeOf,
  sign,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

const ORDERS = ['edit', 'deploy', 'rollback', 'stop', 'start', 'remove', 'logs', 'restart', 'probe', 'volumes'];
const OWNERS_ALONE = ['ingress', 'connector', 'dns-test', 'enrol', 'trust', 'add-device', 'constructor', ''];

let web: TestFleet;
let second: Actor;
let third: Actor;
let firm: TrustState;

beforeAll(async () => {
  web = await createTestFleet('claimed by a browser', 'browser');
  second = await createActor('second of the web');
  third = await createActor('third of the web');
  firm = await extend(web.state, web.owner, {
    kind: 'add-device',
    device: deviceOf(second, 'laptop', 'cli'),
    personId: testId('ann'),
  });
});

const allowed = (state: TrustState, id: string, verbs: readonly string[]) =>
  verbs.filter((verb) => decideDeviceMay(state, id, verb).ok);

describe('LOG-11: roles', () => {
  it.each<[DeviceKind, Role, string | null]>([
    ['desktop', 'owner', 'owner'],
    ['cli', 'owner', 'owner'],
    ['browser', 'owner', 'operator'],
    ['cli', 'operator', 'operator'],
    ['browser', 'operator', 'operator'],
    ['desktop', 'viewer', 'viewer'],
    ['browser', 'viewer', 'viewer'],
    ['automation', 'owner', null],
    ['automation', 'viewer', null],
  ])('LOG-11: a %s of a person who is %s is %s', async (kind, role, wanted) => {
    const state = await addPerson(firm, second, third, role, kind);
    expect(roleOf(state, third.id)).toBe(wanted);
    expect(roleOfKind(kind, role)).toBe(wanted);
    expect(isOwnerDevice(state, third.id)).toBe(wanted === 'owner');
  });

  it('LOG-11: a key that is no device has no role', () => {
    expect(roleOf(firm, web.node.id)).toBeNull();
    expect(roleOf(firm, 'constructor')).toBeNull();
  });
});

describe('LOG-12: the browser that claimed the fleet', () => {
  it('LOG-12: is provisional owner, and the fleet is provisional, until a desktop or CLI of an owner stands', () => {
    expect(roleOf(web.state, web.owner.id)).toBe('provisional-owner');
    expect(isProvisionalFleet(web.state)).toBe(true);
    expect(allowed(web.state, web.owner.id, OWNERS_ALONE)).toEqual(OWNERS_ALONE);
    expect(roleOf(firm, web.owner.id)).toBe('operator');
    expect(isProvisionalFleet(firm)).toBe(false);
    expect(allowed(firm, web.owner.id, OWNERS_ALONE)).toEqual([]);
    expect(allowed(firm, web.owner.id, ORDERS)).toEqual(ORDERS);
  });

  it('LOG-12: no other browser, and no CLI of an operator, changes that', async () => {
    const browser = await addPerson(web.state, web.owner, third, 'owner', 'browser');
    expect([roleOf(browser, third.id), roleOf(browser, web.owner.id)]).toEqual(['operator', 'provisional-owner']);
    const operator = await addPerson(web.state, web.owner, third, 'operator', 'cli');
    expect(isProvisionalFleet(operator)).toBe(true);
    const automation = await addPerson(web.state, web.owner, third, 'owner', 'automation');
    expect(isProvisionalFleet(automation)).toBe(true);
  });

  it('LOG-12: a fleet that a CLI claimed never is provisional, and an empty log is no fleet', async () => {
    const plain = await createTestFleet('claimed by a cli');
    expect(isProvisionalFleet(plain.state)).toBe(false);
    expect(isProvisionalFleet({ ...plain.state, genesis: null })).toBe(false);
  });

  it('SEC-3: it gets no owner copy once it is an operator', () => {
    expect(ownerRecipients(web.state)).toContain(web.owner.sealing.recipient);
    const after = [second, web.recovery].map((actor) => actor.sealing.recipient).sort();
    expect(ownerRecipients(firm)).toEqual(after);
  });
});

describe('LOG-14: after the handover', () => {
  const addedBy = (state: TrustState, kind: DeviceKind) =>
    sign(state, web.owner, { kind: 'add-device', device: deviceOf(third, 'rogue', kind), personId: testId('ann') });

  it('P1 LOG-14: the browser lets nobody in any more, also not beside the owner who followed it', async () => {
    const backdated = await addedBy(web.state, 'cli');
    expect(codeOf(await applyTrustEntries(web.state, [backdated]))).toBe('ok');
    expect(codeOf(await applyTrustEntries(firm, [backdated]))).toBe('trust.not-owner');
    expect(codeOf(await applyTrustEntries(firm, [await addedBy(firm, 'cli')]))).toBe('trust.not-owner');
  });

  it('P1 LOG-14: it can not make the owner who followed it a clash', async () => {
    const device = deviceOf(second, 'somebody else', 'browser');
    const other = await sign(web.state, web.owner, { kind: 'add-device', device, personId: testId('ann') });
    expect(codeOf(await applyTrustEntries(firm, [other]))).toBe('trust.not-owner');
    const waiting = unwrap(await applyTrustEntries(createTrustState(web.state.fleet), [other])).state;
    expect(waiting.pending).toHaveLength(1);
  });

  it('LOG-14: what came before it stays, whatever the order in which a log is read again', async () => {
    const node = { kind: 'add-node', node: nodeOf(third, 'shed') } as const;
    const before = await extend(web.state, web.owner, node);
    const beside = await sign(web.state, web.owner, {
      kind: 'add-device',
      device: deviceOf(second, 'laptop', 'cli'),
      personId: testId('ann'),
    });
    const both = unwrap(await applyTrustEntries(before, [beside])).state;
    for (const entries of [both.entries, both.entries.toReversed()]) {
      const read = unwrap(await applyTrustEntries(createTrustState(), entries)).state;
      expect([read.nodes.has(third.id), isProvisionalFleet(read), read.head]).toEqual([true, false, both.head]);
    }
    expect(codeOf(await applyTrustEntries(both, both.entries))).toBe('ok');
  });
});

describe('LOG-13: what operators and viewers may', () => {
  it('LOG-13: an operator works on apps and nothing beside them; a viewer reads', async () => {
    const operator = await addPerson(firm, second, third, 'operator');
    expect(allowed(operator, third.id, ['read', ...ORDERS])).toEqual(['read', ...ORDERS]);
    expect(allowed(operator, third.id, OWNERS_ALONE)).toEqual([]);
    const viewer = await addPerson(firm, second, third, 'viewer');
    expect(allowed(viewer, third.id, ['read', ...ORDERS, ...OWNERS_ALONE])).toEqual(['read']);
    const automation = await addPerson(firm, second, third, 'owner', 'automation');
    expect(allowed(automation, third.id, ['read', ...ORDERS, ...OWNERS_ALONE])).toEqual([]);
  });

  it('LOG-13: whatever the kind and the person, more right never comes with less role', async () => {
    const states = new Map<string, TrustState>();
    for (const role of ['owner', 'operator', 'viewer'] as const)
      for (const kind of ['desktop', 'cli', 'browser', 'automation'] as const)
        states.set(`${kind} ${role}`, await addPerson(firm, second, third, role, kind));
    const rank = { owner: 3, 'provisional-owner': 3, operator: 2, viewer: 1, none: 0 };
    const verbs = fc.oneof(fc.constantFrom('read', ...ORDERS, ...OWNERS_ALONE), fc.string({ maxLength: 12 }));
    const names = fc.constantFrom(...states.keys());
    fc.assert(
      fc.property(names, names, verbs, (left, right, verb) => {
        const of = (name: string) => {
          const state = states.get(name) as TrustState;
          return { rank: rank[roleOf(state, third.id) ?? 'none'], may: decideDeviceMay(state, third.id, verb).ok };
        };
        const [a, b] = [of(left), of(right)];
        if (a.rank === b.rank) expect(a.may).toBe(b.may);
        else if (a.rank < b.rank && a.may) expect(b.may).toBe(true);
      }),
    );
  });
});

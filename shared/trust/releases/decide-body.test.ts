import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  baseAfterAccept,
  decideBodyMay,
  emptyBase,
  type GrantedException,
  type JudgedBody,
  type OwnerBase,
  type TrustState,
} from '../index.ts';
import { type Actor, addPerson, codeOf, createActor, createTestFleet } from '../testing/test-fleet.ts';

let owner: Actor;
let operator: Actor;
let state: TrustState;

beforeAll(async () => {
  const fleet = await createTestFleet('bodies');
  owner = fleet.owner;
  operator = await createActor('operator of bodies');
  state = await addPerson(fleet.state, owner, operator, 'operator', 'browser');
});

const judge = (by: Actor, body: JudgedBody, base: OwnerBase = emptyBase) =>
  codeOf(decideBodyMay({ state, signer: by.id, body, base }));
const app = (...exceptions: GrantedException[]): JudgedBody => ({ kind: 'app', exceptions, deleteVolumes: [] });
const base = (...exceptions: GrantedException[]): OwnerBase => ({ kind: 'app', exceptions });
const media: GrantedException = { rule: 'host-path', service: 'web', value: '/srv/media' };

describe('REL-12: kinds', () => {
  it.each(['ingress', 'connector', 'something-new'])('REL-12: an operator signs no %s', (kind) => {
    expect(judge(operator, { kind })).toBe('release.kind-needs-owner');
    expect(judge(operator, app(), { kind, exceptions: [] })).toBe('release.kind-needs-owner');
    expect(judge(operator, { kind }, base()), 'an app does not become one').toBe('release.kind-needs-owner');
    expect(judge(owner, { kind })).toBe('ok');
    expect(judge(owner, app(), { kind, exceptions: [] })).toBe('ok');
  });
});

it('REL-13: an operator removes an app but not its data', () => {
  expect(judge(operator, app())).toBe('ok');
  const deletion = { kind: 'app', deleteVolumes: ['data'] };
  expect(judge(operator, deletion)).toBe('release.deletion-needs-owner');
  expect(judge(owner, deletion)).toBe('ok');
});

describe('REL-14: exceptions', () => {
  it('REL-14: of an operator are those that stand, or fewer', () => {
    expect(judge(operator, app(media))).toBe('release.exception-needs-owner');
    expect(judge(operator, app(media), base(media))).toBe('ok');
    expect(judge(operator, app(), base(media))).toBe('ok');
    expect(judge(owner, app(media))).toBe('ok');
  });

  it('REL-14: narrower is fine, wider is not', () => {
    const all = { ...media, service: null };
    expect(judge(operator, app(media), base(all))).toBe('ok');
    expect(judge(operator, app(all), base(media))).toBe('release.exception-needs-owner');
    for (const other of [{ value: '/srv' }, { value: '/srv/media/' }, { rule: 'device' }, { service: 'db' }])
      expect(judge(operator, app({ ...media, ...other }), base(media))).toBe('release.exception-needs-owner');
  });

  it('REL-14: the refusal names the rule and what to do', () => {
    const refused = decideBodyMay({ state, signer: operator.id, body: app(media), base: emptyBase });
    expect(refused).toMatchObject({
      error: {
        kind: 'denied',
        message: expect.stringContaining('host-path'),
        next: "sign it on an owner's desktop or CLI",
        detail: { rule: 'host-path', value: '/srv/media' },
      },
    });
  });
});

const exceptions = fc.array(
  fc.record({
    rule: fc.constantFrom('host-path', 'device'),
    service: fc.constantFrom(null, 'web', 'db'),
    value: fc.constantFrom('/a', '/b'),
  }),
  { maxLength: 4 },
);

it('REL-15: whatever operators sign, nothing runs that no owner granted', () => {
  const release = fc.record({ byOwner: fc.boolean(), exceptions });
  fc.assert(
    fc.property(fc.array(release, { maxLength: 12 }), (history) => {
      let held = emptyBase;
      let granted: readonly GrantedException[] = [];
      for (const one of history) {
        const signer = (one.byOwner ? owner : operator).id;
        const body = app(...one.exceptions);
        if (!decideBodyMay({ state, signer, body, base: held }).ok) continue;
        if (one.byOwner) granted = one.exceptions;
        for (const { rule, service, value } of one.exceptions)
          expect(
            granted.some(
              (other) =>
                other.rule === rule && other.value === value && (other.service === null || other.service === service),
            ),
          ).toBe(true);
        held = baseAfterAccept({ state, signer, body, base: held });
        expect(held.exceptions).toEqual(granted);
      }
    }),
  );
});

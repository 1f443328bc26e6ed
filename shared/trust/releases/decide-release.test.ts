import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import { openEnvelope, signEnvelope, trustKeys } from '../index.ts';
import {
  type Actor,
  APP,
  addPerson,
  at,
  BODY,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  NOON,
  openedChain,
  openedHeader,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';
import { decideChangeSet } from './decide-change-set.ts';
import { decideOrdersMay } from './decide-orders.ts';
import { decideRelease, MAX_BODY_BYTES, MAX_CHAIN, type OpenedHeader, type ReleaseQuestion } from './decide-release.ts';
import { emptyFloor, floorAfterAccept, floorAfterOutcome, outcomeKey, type ReleaseFloor } from './floor.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let fleet: TestFleet;
let second: Actor;
let helper: Actor;
/** Numbers 1 to 5. */
let chain: OpenedHeader[];

beforeAll(async () => {
  fleet = await createTestFleet();
  second = await createActor('second');
  helper = await createActor('helper');
  let state = await addPerson(fleet.state, fleet.owner, second, 'owner');
  state = await addPerson(state, fleet.owner, helper, 'viewer');
  fleet = { ...fleet, state };
  chain = await openedChain(fleet, fleet.owner, { from: 1, to: 5 });
});

const nth = (number: number) => chain[number - 1] as OpenedHeader;
const floorAt = (number: number, changes: Partial<ReleaseFloor> = {}): ReleaseFloor => ({
  ...emptyFloor,
  accepted: { number, header: nth(number).itemHash },
  ...changes,
});
const ask = (question: Partial<ReleaseQuestion>) =>
  decideRelease({
    floor: emptyFloor,
    chain: [nth(1)],
    body: BODY,
    state: fleet.state,
    node: fleet.node.id,
    now: NOON + 1,
    ...question,
  });
const header = (fields: Parameters<typeof openedHeader>[2], by = fleet.owner) => openedHeader(fleet, by, fields);
const first = { number: 1, previous: null };

it('REL-16: a node that its log names as revoked takes none, known or new', async () => {
  const state = await extend(fleet.state, fleet.owner, { kind: 'revoke-node', nodeId: fleet.node.id });
  expect(codeOf(ask({ state }))).toBe('node.revoked');
  expect(codeOf(ask({ state, floor: floorAt(1) }))).toBe('node.revoked');
});

describe('REL-1: the form of a header', () => {
  const sign = (fields: object) => header({ ...first, ...fields });

  it.each<[string, object]>([
    ['number 2 without previous', { number: 2 }],
    ['number 1 with previous', { previous: sha256Hex(utf8('x')) }],
    ['number 0', { number: 0 }],
    ['number 2^53', { number: 2 ** 53, previous: sha256Hex(utf8('x')) }],
    ['acceptBy before issuedAt', { acceptBy: at(-1) }],
    ['acceptBy at issuedAt', { acceptBy: at() }],
    ['after twice the same', { after: [sha256Hex(utf8('x')), sha256Hex(utf8('x'))] }],
    ['after that is no hash', { after: ['x'] }],
    ['129 in after', { after: Array.from({ length: 129 }, (_, i) => sha256Hex(utf8(`${i}`))) }],
    ['a body that is no hash', { body: 'x' }],
    ['an appId that is none', { appId: '../../etc' }],
  ])('REL-1: %s can not even be signed', async (_, fields) => {
    await expect(sign(fields)).rejects.toThrow(/release payload is refused/);
  });

  it('REL-1: after is carried, and the node does not wait for it', async () => {
    const waiting = await sign({ after: [sha256Hex(utf8('other node'))] });
    expect(unwrap(ask({ chain: [waiting] })).accept?.payload.after).toHaveLength(1);
  });
});

describe('REL-2: below the floor', () => {
  it('REL-2: is a clash that carries the floor (A8-2)', () => {
    const refused = ask({ floor: floorAt(5), chain: [nth(3)] });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'release.below-floor',
        kind: 'conflict',
        detail: { floorNumber: '5', floorHeader: nth(5).itemHash },
      },
    });
  });
});

describe('REL-3: the chain', () => {
  it('REL-3: accepts the next number, and many at once of which only the last counts', () => {
    expect(unwrap(ask({ chain: [nth(1)] })).accept).toBe(nth(1));
    expect(unwrap(ask({ chain })).accept).toBe(nth(5));
    expect(unwrap(ask({ floor: floorAt(2), chain: chain.slice(2) })).accept).toBe(nth(5));
  });

  it('REL-3: headers at and below the floor may be there too', () => {
    expect(unwrap(ask({ floor: floorAt(2), chain })).accept).toBe(nth(5));
    expect(unwrap(ask({ floor: floorAt(2), chain: chain.slice(1) })).accept).toBe(nth(5));
  });

  it('REL-3: refuses an empty chain, a gap, a wrong order and a doubled header', () => {
    expect(codeOf(ask({ chain: [] }))).toBe('release.bad-chain');
    expect(codeOf(ask({ chain: [nth(2)] }))).toBe('release.chain-incomplete');
    expect(codeOf(ask({ chain: [nth(1), nth(3)] }))).toBe('release.chain-incomplete');
    expect(codeOf(ask({ chain: [nth(2), nth(1), nth(3)] }))).toBe('release.bad-chain');
    expect(codeOf(ask({ chain: [nth(1), nth(1), nth(2)] }))).toBe('release.bad-chain');
    expect(codeOf(ask({ chain: [nth(1), nth(1), nth(3)] }))).toBe('release.bad-chain');
  });

  it('REL-3: refuses a jump ahead, however high (A8-5)', async () => {
    for (const number of [7, 1_000, Number.MAX_SAFE_INTEGER]) {
      const jump = await header({ number, previous: nth(5).itemHash });
      expect(codeOf(ask({ floor: floorAt(5), chain: [jump] }))).toBe('release.chain-incomplete');
    }
  });

  it('REL-3: refuses links that do not fit by hash, inside and at the floor', async () => {
    const third = await header({ number: 3, previous: sha256Hex(utf8('another 2')) });
    expect(codeOf(ask({ chain: [nth(1), nth(2), third] }))).toBe('release.bad-chain');
    expect(codeOf(ask({ floor: floorAt(2), chain: [third] }))).toBe('release.number-taken');
  });

  it('REL-3: refuses a chain of two apps and one of more than 1,000 headers', async () => {
    const other = await header({ number: 2, previous: nth(1).itemHash, appId: testId('other app') });
    expect(codeOf(ask({ chain: [nth(1), other] }))).toBe('release.bad-chain');
    const long = Array.from({ length: MAX_CHAIN + 1 }, () => nth(1));
    expect(codeOf(ask({ chain: long }))).toBe('release.bad-chain');
    // Exactly 1,000 is judged by its links.
    const refused = ask({ chain: long.slice(1) });
    expect(refused.ok ? '' : refused.error.message).toMatch(/number 1 comes where 2 belongs/);
  });
});

describe('REL-4: two releases with one number', () => {
  it('REL-4: the first wins, the other is a clash that carries it', async () => {
    const rival = await header({ number: 3, previous: nth(2).itemHash, changeSet: testId('rival') }, second);
    const refused = ask({ floor: floorAt(3), chain: [rival] });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'release.number-taken', kind: 'conflict', detail: { floorHeader: nth(3).itemHash } },
    });
    const onTop = await header({ number: 4, previous: rival.itemHash }, second);
    expect(codeOf(ask({ floor: floorAt(3), chain: [rival, onTop] }))).toBe('release.number-taken');
    expect(codeOf(ask({ floor: floorAt(3), chain: [onTop] }))).toBe('release.number-taken');
  });
});

describe('REL-5: the same bytes again', () => {
  it.each(['succeeded', 'failed', 'rolled-back', 'superseded'] as const)('REL-5: are answered with %s', (outcome) => {
    const floor = floorAt(5, { outcomes: { [outcomeKey(3, nth(3).itemHash)]: outcome } });
    expect(unwrap(ask({ floor, chain: [nth(3)] }))).toEqual({ known: outcome });
  });

  it('REL-5: are known as accepted before they have an outcome, also long after acceptBy', () => {
    expect(unwrap(ask({ floor: floorAt(2), chain: [nth(2)], now: NOON + 400 * DAY }))).toEqual({ known: 'accepted' });
  });

  it('REL-5: of a failed release are never tried again by themselves', () => {
    const floor = floorAfterOutcome(floorAt(2), { number: 2, header: nth(2).itemHash }, 'failed', {});
    expect(unwrap(ask({ floor, chain: [nth(2)] }))).toEqual({ known: 'failed' });
  });

  it('REL-5: what runs is known as succeeded', () => {
    const running = { number: 1, header: nth(1).itemHash, digests: {} };
    expect(unwrap(ask({ floor: floorAt(2, { running }), chain: [nth(1)] }))).toEqual({ known: 'succeeded' });
  });
});

describe('REL-6: this node, this fleet', () => {
  it('REL-6: refuses a release for another node (A8-6)', () => {
    expect(codeOf(ask({ node: testId('other node') }))).toBe('release.wrong-node');
  });

  it('REL-6: refuses a chain of which one header is for another node', async () => {
    const stray = await header({ ...first, node: testId('other node') });
    const next = await header({ number: 2, previous: stray.itemHash });
    expect(codeOf(ask({ chain: [stray, next] }))).toBe('release.wrong-node');
  });

  it('REL-6: refuses a release for another fleet', async () => {
    const foreign = await header({ ...first, fleet: sha256Hex(utf8('other fleet')) });
    expect(codeOf(ask({ chain: [foreign] }))).toBe('release.wrong-fleet');
  });
});

describe('REL-7: who signed', () => {
  it('REL-7: the last signer must be allowed to', async () => {
    const byHelper = await header({ number: 2, previous: nth(1).itemHash }, helper);
    expect(codeOf(ask({ chain: [nth(1), byHelper] }))).toBe('trust.not-allowed');
    const bySecond = await header({ number: 3, previous: byHelper.itemHash }, second);
    expect(unwrap(ask({ chain: [nth(1), byHelper, bySecond] })).accept).toBe(bySecond);
  });

  it('REL-7 REL-18: one verb of releases is enough to be asked about the body, which asks for its own', async () => {
    const grant = { kind: 'grant', grantId: testId('stops'), to: { deviceId: helper.id }, role: 'operator' } as const;
    const state = await extend(fleet.state, fleet.owner, { ...grant, verbs: ['stop'] });
    const byHelper = await header({ number: 2, previous: nth(1).itemHash }, helper);
    expect(unwrap(ask({ state, chain: [nth(1), byHelper] })).accept).toBe(byHelper);
    const scope = { node: fleet.node.id, appId: APP, now: NOON };
    const may = (orders: readonly (readonly string[])[], at: string = helper.id) =>
      codeOf(decideOrdersMay({ state, signer: at, orders, scope }));
    expect(may([['stop']])).toBe('ok');
    expect(may([['stop', 'deploy']])).toBe('ok');
    expect(may([['deploy']])).toBe('trust.not-allowed');
    expect(may([['stop'], ['deploy', 'rollback']])).toBe('trust.not-allowed');
    expect(may([['remove'], ['deploy']], second.id)).toBe('ok');
  });

  it('REL-7: a node, the recovery key and a stranger release nothing', async () => {
    for (const by of [fleet.node, fleet.recovery, await createActor('stranger')])
      expect(codeOf(ask({ chain: [await header(first, by)] }))).toBe('trust.unknown-signer');
  });
});

describe('REL-8: the clock', () => {
  it('REL-8: takes a release up to acceptBy and not at it', () => {
    expect(codeOf(ask({ now: NOON + DAY - 1 }))).toBe('ok');
    expect(codeOf(ask({ now: NOON + DAY }))).toBe('release.expired');
  });

  it('REL-8: a clock that is a day ahead refuses and says both times', () => {
    const refused = ask({ now: NOON + DAY });
    expect(refused.ok ? '' : refused.error.message).toBe(
      "acceptBy is 2026-03-02T12:00:00.000Z, this node's clock says 2026-03-02T12:00:00.000Z",
    );
  });

  it('REL-8: a clock that is a day behind accepts, one of 1970 does not', () => {
    expect(codeOf(ask({ now: NOON - DAY }))).toBe('ok');
    expect(codeOf(ask({ now: 0 }))).toBe('release.accept-by-too-far');
  });

  it('REL-8: 7 days at most, by the node and by the signer', async () => {
    const week = await header({ ...first, acceptBy: at(7 * DAY) });
    expect(codeOf(ask({ chain: [week] }))).toBe('ok');
    const longer = await header({ ...first, acceptBy: at(7 * DAY + 1) });
    expect(codeOf(ask({ chain: [longer], now: NOON + DAY }))).toBe('release.accept-by-too-far');
    const edge = await header({ ...first, issuedAt: at(HOUR), acceptBy: at(7 * DAY + HOUR) });
    // A node whose clock is ten minutes behind the signer's still takes the longest life.
    expect(codeOf(ask({ chain: [edge], now: NOON + HOUR - 10 * 60_000 }))).toBe('ok');
    expect(codeOf(ask({ chain: [edge], now: NOON + HOUR - 10 * 60_000 - 1 }))).toBe('release.accept-by-too-far');
    const postDated = await header({ ...first, issuedAt: at(3 * DAY), acceptBy: at(9 * DAY) });
    expect(codeOf(ask({ chain: [postDated] }))).toBe('release.accept-by-too-far');
  });

  it('REL-8: headers before the last may have ended', async () => {
    const old = await header({ ...first, issuedAt: at(-2 * DAY), acceptBy: at(-DAY) });
    const next = await header({ number: 2, previous: old.itemHash });
    expect(unwrap(ask({ chain: [old, next] })).accept).toBe(next);
  });
});

describe('REL-9: the body', () => {
  it('REL-9: hashes to what the header names', () => {
    expect(codeOf(ask({ body: utf8('{"v":1 }') }))).toBe('release.body-mismatch');
    expect(codeOf(ask({ body: new Uint8Array() }))).toBe('release.body-mismatch');
  });

  it('REL-9: has at most 2 MiB', async () => {
    const exact = new Uint8Array(MAX_BODY_BYTES);
    const fits = await header({ ...first, body: sha256Hex(exact) });
    expect(codeOf(ask({ chain: [fits], body: exact }))).toBe('ok');
    const over = new Uint8Array(MAX_BODY_BYTES + 1);
    const large = await header({ ...first, body: sha256Hex(over) });
    expect(codeOf(ask({ chain: [large], body: over }))).toBe('release.body-too-large');
  });
});

describe('REL-10: the floor', () => {
  it('REL-10: accepting moves accepted only, and only success moves running', () => {
    const release = { number: 2, header: nth(2).itemHash };
    const accepted = floorAfterAccept(floorAt(1), nth(2));
    expect(accepted).toEqual({ ...floorAt(1), accepted: release });
    for (const outcome of ['failed', 'rolled-back', 'superseded'] as const)
      expect(floorAfterOutcome(accepted, release, outcome, { web: 'sha256:1' }).running).toBeNull();
    const done = floorAfterOutcome(accepted, release, 'succeeded', { web: 'sha256:1' });
    expect(done.running).toEqual({ ...release, digests: { web: 'sha256:1' } });
    expect(done.outcomes).toEqual({ [outcomeKey(2, release.header)]: 'succeeded' });
  });

  it('REL-10: a refusal leaves the question as it was', () => {
    const floor = Object.freeze(floorAt(3));
    expect(ask({ floor, chain: [nth(5)] }).ok).toBe(false);
    expect(floor).toEqual(floorAt(3));
  });

  it('REL-10: a floor whose key is a name of Object is no known outcome', () => {
    const outcomes = JSON.parse('{}') as ReleaseFloor['outcomes'];
    expect(unwrap(ask({ floor: { ...emptyFloor, outcomes } })).accept).toBe(nth(1));
  });
});

describe('REL-11: change sets', () => {
  const sign = async (headers: readonly OpenedHeader[], changes: object = {}, by = fleet.owner) => {
    const envelope = await signEnvelope(
      'changeset',
      {
        fleet: fleet.state.fleet,
        changeSetId: testId('change'),
        verb: 'deploy',
        releases: headers.map(({ itemHash, payload: { appId, node, number } }) => ({
          header: itemHash,
          appId,
          node,
          number,
        })),
        planHash: sha256Hex(utf8('plan')),
        issuedAt: at(),
        ...changes,
      },
      by.key.signer,
    );
    return unwrap(
      await openEnvelope(envelope, { kind: 'changeset', fleet: fleet.state.fleet, keys: trustKeys(fleet.state) }),
    );
  };
  const decide = async (headers: readonly OpenedHeader[], changes: object = {}, by = fleet.owner, sent = headers) =>
    codeOf(decideChangeSet({ opened: await sign(headers, changes, by), headers: sent, state: fleet.state, now: NOON }));

  it('REL-11: takes exactly the headers it names', async () => {
    expect(await decide([nth(1)])).toBe('ok');
    const other = await header({ ...first, appId: testId('other app'), after: [nth(1).itemHash] });
    expect(await decide([nth(1), other])).toBe('ok');
    expect(await decide([nth(1), other], {}, fleet.owner, [nth(1)])).toBe('release.bad-change-set');
    expect(await decide([nth(1)], {}, fleet.owner, [nth(1), other])).toBe('release.bad-change-set');
    expect(await decide([nth(1)], {}, fleet.owner, [other])).toBe('release.bad-change-set');
  });

  it('REL-11: refuses a header of another change, signer, app, node or number', async () => {
    expect(await decide([nth(1)], { changeSetId: testId('x') })).toBe('release.bad-change-set');
    expect(await decide([nth(1)], {}, second)).toBe('release.bad-change-set');
    expect(await decide([nth(1)], {}, helper)).toBe('trust.not-allowed');
    const named = { header: nth(1).itemHash, appId: APP, node: fleet.node.id, number: 1 };
    for (const change of [{ appId: testId('x') }, { node: testId('x') }, { number: 2 }])
      expect(await decide([nth(1)], { releases: [{ ...named, ...change }] })).toBe('release.bad-change-set');
  });

  it('REL-11: refuses to wait for what is not in it', async () => {
    const waiting = await header({ ...first, after: [sha256Hex(utf8('elsewhere'))] });
    expect(await decide([waiting])).toBe('release.bad-change-set');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap } from '#shared/kernel/index.ts';
import {
  type ApiToken,
  createTokenText,
  decideDeviceMay,
  decideTokenHolds,
  decideTokenOrder,
  emptyCutoff,
  isWithinToken,
  MAX_TOKEN_LIFE_MS,
  type Opened,
  openEnvelope,
  parseTokenText,
  signEnvelope,
  type TokenOrder,
  trustKeys,
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
  seededRandom,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

const DAY = 24 * 3_600_000;
const TOKEN: ApiToken = {
  name: 'ci',
  secretHash: 'a'.repeat(64),
  verbs: ['read', 'deploy'],
  expiresAt: at(DAY),
};
let fleet: TestFleet;
let second: Actor;
let operator: Actor;
let browser: Actor;

beforeAll(async () => {
  fleet = await createTestFleet();
  [second, operator, browser] = [
    await createActor('second'),
    await createActor('operator'),
    await createActor('browser'),
  ];
  let state = await addPerson(fleet.state, fleet.owner, second, 'owner');
  state = await addPerson(state, fleet.owner, operator, 'operator');
  state = await addPerson(state, fleet.owner, browser, 'owner', 'browser');
  fleet = { ...fleet, state };
});

async function order(token: object | null, by = fleet.owner): Promise<Opened<TokenOrder>> {
  const payload = { fleet: fleet.state.fleet, tokenId: testId('token'), token, issuedAt: at() };
  const envelope = await signEnvelope('token', payload, by.key.signer);
  return unwrap(await openEnvelope(envelope, { kind: 'token', fleet: payload.fleet, keys: () => by.key.publicKey }));
}
const decide = async (token: object | null, by?: Actor) =>
  codeOf(decideTokenOrder({ opened: await order(token, by), state: fleet.state, now: NOON }));

describe('who makes and ends tokens', () => {
  it("TOK-1: an owner's desktop or CLI does, no operator, no browser, no stranger", async () => {
    const stranger = await createActor('stranger');
    for (const token of [TOKEN, null]) {
      expect(await decide(token)).toBe('ok');
      expect(await decide(token, second)).toBe('ok');
      expect(await decide(token, operator)).toBe('trust.not-allowed');
      expect(await decide(token, browser)).toBe('trust.not-allowed');
      expect(await decide(token, stranger)).toBe('trust.unknown-signer');
    }
  });

  it('TOK-1: an order without a limit that it must have, or with an unknown verb, can not be signed', async () => {
    for (const bad of [{ verbs: [] }, { verbs: ['deploy', 'logs'] }, { apps: [] }, { expiresAt: undefined }])
      await expect(order({ ...TOKEN, ...bad })).rejects.toMatchObject({ fault: { code: 'trust.bad-payload' } });
  });

  it('TOK-3: it ends within 366 days, and not before it begins', async () => {
    expect(await decide({ ...TOKEN, expiresAt: at(MAX_TOKEN_LIFE_MS) })).toBe('ok');
    expect(await decide({ ...TOKEN, expiresAt: at(MAX_TOKEN_LIFE_MS + DAY) })).toBe('token.bad-expiry');
    expect(await decide({ ...TOKEN, expiresAt: at(0) })).toBe('token.bad-expiry');
  });
});

describe('the text of a token', () => {
  it('TOK-2: is read back as id and secret, and its hash is that of the secret', () => {
    const { text, secretHash } = createTokenText(testId('token'), seededRandom('token'));
    const parsed = parseTokenText(text);
    expect(text).toMatch(/^ovt_[a-z2-7]{26}_[A-Za-z0-9_-]{43}$/);
    expect(parsed?.tokenId).toBe(testId('token'));
    expect(sha256Hex(parsed?.secret ?? new Uint8Array())).toBe(secretHash);
  });

  it('TOK-2: any cut, longer or differently begun text is none', () => {
    const { text } = createTokenText(testId('token'), seededRandom('token'));
    const others = [text.slice(0, -1), `${text}A`, text.replace('ovt_', 'ov1_'), text.replace('_', ''), '', 'ovt_'];
    for (const other of others) expect(parseTokenText(other)).toBeUndefined();
  });
});

describe('where a token holds', () => {
  const app = testId('app');
  const node = testId('node');

  it('TOK-4: within its verbs, apps and nodes; what has none lies outside', () => {
    expect(isWithinToken(TOKEN, 'deploy', { appId: app, node })).toBe(true);
    expect(isWithinToken(TOKEN, 'deploy', { appId: null, node: null })).toBe(true);
    expect(isWithinToken(TOKEN, 'remove', { appId: app, node })).toBe(false);
    const narrow = { ...TOKEN, apps: [app], nodes: [node] };
    expect(isWithinToken(narrow, 'deploy', { appId: app, node })).toBe(true);
    expect(isWithinToken(narrow, 'deploy', { appId: testId('other'), node })).toBe(false);
    expect(isWithinToken(narrow, 'deploy', { appId: null, node })).toBe(false);
    expect(isWithinToken(narrow, 'deploy', { appId: app, node: testId('other') })).toBe(false);
    expect(isWithinToken(narrow, 'deploy', { appId: app, node: null })).toBe(false);
  });

  it('TOK-4: until it expires, by the millisecond', () => {
    const holds = (now: number) =>
      codeOf(decideTokenHolds({ token: TOKEN, maker: fleet.owner.id, state: fleet.state, now }));
    expect(holds(NOON + DAY - 1)).toBe('ok');
    expect(holds(NOON + DAY)).toBe('token.expired');
  });

  it('TOK-5: it ends with the device that made it, whoever revokes that', async () => {
    const holds = (state: TestFleet['state']) =>
      codeOf(decideTokenHolds({ token: TOKEN, maker: second.id, state, now: NOON }));
    expect(holds(fleet.state)).toBe('ok');
    const revoked = await extend(fleet.state, fleet.owner, {
      kind: 'revoke-device',
      deviceId: second.id,
      cutoff: emptyCutoff,
    });
    expect(holds(revoked)).toBe('token.orphaned');
  });

  it('TOK-6: it is no key of the log and may order nothing', () => {
    const tokenId = testId('token');
    expect(trustKeys(fleet.state, 'device')(tokenId)).toBeUndefined();
    for (const verb of ['read', 'edit', 'deploy', 'logs'])
      expect(codeOf(decideDeviceMay(fleet.state, tokenId, verb))).toBe('trust.unknown-signer');
  });
});

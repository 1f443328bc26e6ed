import { bech32 } from '@scure/base';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, toBase64Url, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { isAgeRecipient } from '../keys/age-recipient.ts';
import { applyTrustEntries } from '../log/apply-entries.ts';
import {
  type Actor,
  codeOf,
  createActor,
  createTestFleet,
  nodeOf,
  seededRandom,
  sign,
  testId,
} from '../testing/test-fleet.ts';
import { generateSealingKey } from './sealing-key.ts';
import { MAX_SECRET_BYTES, openSecret, type SealedPlaintext, sealSecret } from './secret.ts';

const CANARY = 'correct-horse-battery-staple';
const fleet = sha256Hex(utf8('fleet'));
const app = testId('app');
let node: Actor;
let owner: Actor;
let recovery: Actor;
let plain: SealedPlaintext;
let expected: Parameters<typeof openSecret>[2];

beforeAll(async () => {
  [node, owner, recovery] = (await Promise.all(['n', 'o', 'r'].map(createActor))) as [Actor, Actor, Actor];
  plain = { v: 1, fleet, node: node.id, apps: [app], name: 'db', version: 1, value: toBase64Url(utf8(CANARY)) };
  expected = { fleet, node: node.id, appId: app, name: 'db' };
});

const seal = (changes: Partial<SealedPlaintext> = {}, to = [node]) =>
  sealSecret(
    { ...plain, ...changes },
    to.map((actor) => actor.sealing.recipient),
  );
const open = (bytes: Uint8Array, changes: Partial<typeof expected> = {}, by = node) =>
  openSecret(bytes, by.sealing.identity, { ...expected, ...changes });

describe('SEC-1: keys', () => {
  it('SEC-1: are hybrid age keys', async () => {
    const key = await generateSealingKey();
    expect(key.identity).toMatch(/^AGE-SECRET-KEY-PQ-1/);
    expect(key.recipient).toMatch(/^age1pq1/);
  });

  it('SEC-1: an X25519 recipient, for instance of an age tool, works too', async () => {
    const identity = await generateX25519Identity();
    const sealed = await sealSecret(plain, [await identityToRecipient(identity)]);
    expect(utf8ToText(unwrap(await openSecret(sealed, identity, expected)))).toBe(CANARY);
  });
});

describe('SEC-2: what is sealed', () => {
  it('SEC-2: comes back as it was, any bytes, and is not in the ciphertext', async () => {
    expect(utf8ToText(unwrap(await open(await seal())))).toBe(CANARY);
    const sealed = await seal();
    expect(Buffer.from(sealed).includes(CANARY)).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const back = await open(await seal({ value: toBase64Url(new Uint8Array(bytes)) }));
        expect(unwrap(back)).toEqual(new Uint8Array(bytes));
      }),
      { numRuns: 20 },
    );
  });

  it('SEC-2: two copies of one secret differ, so a hash in a release tells nothing', async () => {
    expect(sha256Hex(await seal())).not.toBe(sha256Hex(await seal()));
  });

  it.each<[string, Partial<SealedPlaintext>]>([
    ['no app', { apps: [] }],
    ['a name with a slash', { name: '../db' }],
    ['version 0', { version: 0 }],
    ['a value that is no base64url', { value: 'a b' }],
    ['a value with loose bits', { value: 'YR' }],
  ])('SEC-2: refuses to seal %s', async (_, changes) => {
    await expect(seal(changes)).rejects.toThrow();
  });

  it('SEC-2: refuses to seal too much, and to nobody', async () => {
    await expect(seal({ value: toBase64Url(new Uint8Array(MAX_SECRET_BYTES + 1)) })).rejects.toThrow(/at most/);
    await expect(seal({}, [])).rejects.toThrow(/nobody/);
    const most = await seal({ value: toBase64Url(new Uint8Array(MAX_SECRET_BYTES)) });
    expect(codeOf(await open(most))).toBe('ok');
  });
});

describe('SEC-3: copies', () => {
  it('SEC-3: a nodeCopy opens on its node only, an ownerCopy for each owner and for recovery', async () => {
    expect(codeOf(await open(await seal(), {}, owner))).toBe('secret.cannot-open');
    const ownerCopy = await seal({ node: null }, [owner, recovery]);
    for (const by of [owner, recovery]) expect(codeOf(await open(ownerCopy, { node: null }, by))).toBe('ok');
    expect(codeOf(await open(ownerCopy, { node: null }))).toBe('secret.cannot-open');
  });
});

describe('SEC-4: what a copy is for', () => {
  it.each([
    ['fleet', { fleet: sha256Hex(utf8('other')) }],
    ['node', { node: testId('other') }],
    ['node', { node: null }],
    ['apps', { appId: testId('other app') }],
    ['name', { name: 'admin' }],
    ['version', { version: 2 }],
  ])('SEC-4: another %s is refused by its name', async (field, changes) => {
    const refused = await open(await seal(), changes);
    expect(refused).toMatchObject({ ok: false, error: { code: 'secret.wrong-binding', field } });
  });

  it('SEC-4: an ownerCopy does not serve as a nodeCopy', async () => {
    expect(codeOf(await open(await seal({ node: null }), {}))).toBe('secret.wrong-binding');
  });

  it('SEC-4: anybody can seal to a node, so content that is no secret is refused', async () => {
    const large = toBase64Url(new Uint8Array(MAX_SECRET_BYTES + 1));
    const others = [{ v: 2 }, { value: 'YR' }, { value: 'A' }, { value: large }, { apps: [] }, { fleet: '' }];
    const texts = others.map((change) => JSON.stringify({ ...plain, ...change }));
    for (const text of ['', 'hello', '{}', '{"v":1,"v":1}', ...texts]) {
      const encrypter = new Encrypter();
      encrypter.addRecipient(node.sealing.recipient);
      expect(codeOf(await open(await encrypter.encrypt(text)))).toBe('secret.bad-content');
    }
  });
});

describe('SEC-5: changed copies', () => {
  it('SEC-5: any bit changed is refused, and no refusal holds the value', async () => {
    const sealed = await seal();
    for (let bit = 0; bit < sealed.length * 8; bit += 97) {
      const bad = new Uint8Array(sealed);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const refused = await open(bad);
      expect(codeOf(refused)).toBe('secret.cannot-open');
      expect(JSON.stringify(refused)).not.toContain(CANARY);
    }
  });

  it('SEC-5: cut, empty, foreign and oversized input is refused', async () => {
    const sealed = await seal();
    for (const bad of [sealed.subarray(0, -1), sealed.subarray(0, 100), new Uint8Array(), new Uint8Array(2_000_000)])
      expect(codeOf(await open(bad))).toBe('secret.cannot-open');
    expect(codeOf(await openSecret(sealed, 'AGE-SECRET-KEY-nonsense', expected))).toBe('secret.cannot-open');
    const encrypter = new Encrypter();
    encrypter.setPassphrase('x');
    encrypter.setScryptWorkFactor(2);
    expect(codeOf(await open(await encrypter.encrypt('x')))).toBe('secret.cannot-open');
  });
});

describe('SEC-6: recipients', () => {
  it('SEC-6: one mistyped character is noticed', async () => {
    const classic = await identityToRecipient(await generateX25519Identity());
    const { recipient } = await generateSealingKey(seededRandom('typo'));
    for (const text of [classic, recipient]) {
      expect(isAgeRecipient(text)).toBe(true);
      for (let i = 8; i < text.length; i += 31) {
        const typo = `${text.slice(0, i)}${text[i] === 'q' ? 'p' : 'q'}${text.slice(i + 1)}`;
        expect(isAgeRecipient(typo)).toBe(false);
      }
    }
    for (const text of ['', 'age1', 'x', classic.toUpperCase().replace('AGE', 'age'), `${classic} `])
      expect(isAgeRecipient(text)).toBe(false);
  });
});

describe('SEC-6: recipients that enter the log', () => {
  const addNode = async (ageRecipient: string) => {
    const { state, owner } = await createTestFleet('recipients');
    const joining = await createActor('joining');
    const nodeIdentity = { ...nodeOf(joining, 'n1'), ageRecipient };
    const entry = { kind: 'add-node', node: nodeIdentity } as const;
    const applied = await applyTrustEntries(state, [await sign(state, owner, entry)]);
    return applied.ok ? (applied.value.state.nodes.get(joining.id)?.ageRecipient ?? 'lost') : applied.error.code;
  };
  const encode = (prefix: string, length: number) =>
    bech32.encode(prefix, bech32.toWords(new Uint8Array(length).fill(7)), false) as string;

  it('SEC-1, SEC-6: hybrid and X25519 ones are taken as they are, of exactly their lengths', async () => {
    const classic = await identityToRecipient(await generateX25519Identity());
    const hybrid = (await generateSealingKey()).recipient;
    expect([classic.length, hybrid.length]).toEqual([62, 1959]);
    expect(await addNode(classic)).toBe(classic);
    expect(await addNode(hybrid)).toBe(hybrid);
  });

  it.each([
    ['too short', encode('age', 31)],
    ['too long', encode('age', 33)],
    ['hybrid, too short', encode('age1pq', 1_215)],
    ['hybrid, too long', encode('age1pq', 1_217)],
    ['hybrid bytes under the X25519 name', encode('age', 1_216)],
    ['X25519 bytes under the hybrid name', encode('age1pq', 32)],
    ['of a plugin', encode('age1yubikey', 33)],
    ['of a later kind', encode('age1tag', 32)],
    ['an identity instead', encode('age-secret-key-', 32)],
    ['in capitals', encode('age', 32).toUpperCase()],
  ])('SEC-6: one that is %s is refused', async (_, recipient) => {
    expect(await addNode(recipient)).not.toBe(recipient);
  });
});

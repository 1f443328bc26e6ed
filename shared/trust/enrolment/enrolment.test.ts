import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64Url, fromHex, sha256Hex, toBase64Url, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import {
  admitHash,
  createEnrolmentToken,
  deriveAdmit,
  deriveBind,
  type EnrolmentToken,
  parseEnrolmentToken,
} from '../index.ts';
import {
  type Actor,
  addresses,
  at,
  codeOf,
  coreSpki,
  createActor,
  NOON,
  nodeOf,
  seededRandom,
} from '../testing/test-fleet.ts';
import { createEnrolmentRequest, type EnrolmentRequest, verifyEnrolmentRequest } from './request.ts';
import { createSetupCode, parseSetupCode, setupCodeMatchesSpki, setupSecretMatches } from './setup-code.ts';

const genesis = sha256Hex(utf8('genesis'));
const HALF_HOUR = 30 * 60_000;
const about = { addresses, coreSpki, genesis, expiresAt: at(HALF_HOUR) };
const { token, secret, parsed } = createEnrolmentToken(about, seededRandom('token'));
let node: Actor;
let request: EnrolmentRequest;

beforeAll(async () => {
  node = await createActor('node');
  request = requestOf(parsed);
});

function requestOf(token: EnrolmentToken): EnrolmentRequest {
  const { name, signKey, ageRecipient, tlsSpki } = nodeOf(node, 'attic');
  return createEnrolmentRequest({
    token,
    node: { name, signKey, ageRecipient, tlsSpki },
    nodeFacts: { os: 'Debian 13' },
  });
}

describe('ENR-1: the token', () => {
  it('ENR-1: carries addresses, key hash, genesis, expiry and 32 random bytes', () => {
    expect(token).toMatch(/^ov1_[A-Za-z0-9_-]+$/);
    expect(JSON.parse(utf8ToText(fromBase64Url(token.slice(4)) ?? new Uint8Array()))).toEqual({
      v: 1,
      ...about,
      secret,
    });
    expect(fromBase64Url(secret)).toHaveLength(32);
    expect(unwrap(parseEnrolmentToken(token, NOON))).toEqual({ v: 1, ...about, secret });
  });

  it('ENR-1: two tokens share nothing secret', () => {
    expect(createEnrolmentToken(about, seededRandom('another')).secret).not.toBe(secret);
  });
});

describe('ENR-2: a token that does not fit', () => {
  it('ENR-2: is over at its time, and the message shows both clocks and the way out', () => {
    expect(codeOf(parseEnrolmentToken(token, NOON + HALF_HOUR - 1))).toBe('ok');
    const refused = parseEnrolmentToken(token, NOON + HALF_HOUR);
    expect(refused).toMatchObject({ ok: false, error: { code: 'enrol.token-expired' } });
    expect(refused.ok ? '' : `${refused.error.message} ${refused.error.next}`).toMatch(/12:30:00.*nodes token/);
  });

  it('ENR-2: spaces and line breaks of copying are forgiven', () => {
    const pasted = ` ${token.slice(0, 40)}\n  ${token.slice(40)}\r\n`;
    expect(codeOf(parseEnrolmentToken(pasted, NOON))).toBe('ok');
  });

  const withJson = (value: object) => `ov1_${toBase64Url(utf8(JSON.stringify(value)))}`;
  it.each([
    ['', ''],
    ['another text', 'hello'],
    ['the end missing', token.slice(0, -5)],
    ['the start missing', token.slice(5)],
    ['too long', token.padEnd(5_000, 'a')],
    ['another version', withJson({ v: 2, ...about, secret })],
    ['no address', withJson({ v: 1, ...about, addresses: [], secret })],
    ['a short secret', withJson({ v: 1, ...about, secret: 'AAAA' })],
    ['a port of 0', withJson({ v: 1, ...about, secret, addresses: [{ host: 'x', httpPort: 0, linkPort: 1 }] })],
    [
      'a host with a path',
      withJson({ v: 1, ...about, secret, addresses: [{ host: 'x/y', httpPort: 1, linkPort: 1 }] }),
    ],
  ])('ENR-2: %s is refused', (_, text) => {
    expect(codeOf(parseEnrolmentToken(text, NOON))).toBe('enrol.bad-token');
  });

  it('ENR-2: rubbish never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(codeOf(parseEnrolmentToken(`ov1_${text}`, NOON))).toBe('enrol.bad-token');
      }),
    );
  });
});

describe('ENR-3: admit and bind', () => {
  it('ENR-3: are different, repeatable, and depend on secret and genesis', async () => {
    const admit = await deriveAdmit(parsed);
    const bind = await deriveBind(parsed);
    expect(admit).toHaveLength(32);
    expect(bind).toHaveLength(32);
    expect(admit).not.toEqual(bind);
    expect(await deriveAdmit(unwrap(parseEnrolmentToken(token, NOON)))).toEqual(admit);
    expect(await deriveAdmit({ ...parsed, genesis: sha256Hex(utf8('x')) })).not.toEqual(admit);
    expect(admitHash(admit)).toBe(sha256Hex(admit));
  });

  it('ENR-3: are HKDF-SHA256 as Web Crypto computes it', async () => {
    const key = await crypto.subtle.importKey('raw', fromBase64Url(secret) ?? new Uint8Array(), 'HKDF', false, [
      'deriveBits',
    ]);
    const salt = fromHex(genesis) ?? new Uint8Array();
    const derive = async (info: string) =>
      new Uint8Array(
        await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }, key, 256),
      );
    expect(await deriveAdmit(parsed)).toEqual(await derive('overseer/admit/v1'));
    expect(await deriveBind(parsed)).toEqual(await derive('overseer/bind/v1'));
  });
});

describe('ENR-4: the request of a node', () => {
  it('ENR-4: gives the identity to the holder of the token', async () => {
    expect(unwrap(await verifyEnrolmentRequest(parsed, request.request, request.mac))).toEqual(nodeOf(node, 'attic'));
    expect(fromBase64Url(request.admit)).toEqual(await deriveAdmit(parsed));
  });

  it('ENR-4: says nothing of bind or of the token', async () => {
    const text = JSON.stringify(request);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(toBase64Url(await deriveBind(parsed)));
  });

  it('ENR-4: is refused when anything in it was changed (P1: a core can not put its own key in)', async () => {
    const other = nodeOf(await createActor('evil'), 'attic');
    const swapped = request.request.replace(nodeOf(node, 'attic').signKey, other.signKey);
    expect(swapped).not.toBe(request.request);
    for (const text of [swapped, `${request.request} `, request.request.replace('attic', 'Attic'), '', '\ud800'])
      expect(codeOf(await verifyEnrolmentRequest(parsed, text, request.mac))).toBe('enrol.bad-mac');
  });

  it('ENR-4: is refused with another mac, or one under admit, which the core knows', async () => {
    const key = await crypto.subtle.importKey(
      'raw',
      await deriveAdmit(parsed),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const underAdmit = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(request.request)));
    for (const mac of ['', 'x', request.mac.slice(0, -1), `${request.mac}A`, toBase64Url(underAdmit)])
      expect(codeOf(await verifyEnrolmentRequest(parsed, request.request, mac))).toBe('enrol.bad-mac');
  });

  it('ENR-4: is refused when it was made with another token or for another fleet', async () => {
    const other = createEnrolmentToken(about, seededRandom('another')).parsed;
    const foreign = requestOf(other);
    expect(codeOf(await verifyEnrolmentRequest(parsed, foreign.request, foreign.mac))).toBe('enrol.bad-mac');
    const sameSecret = requestOf({ ...parsed, genesis: sha256Hex(utf8('x')) });
    expect(codeOf(await verifyEnrolmentRequest(parsed, sameSecret.request, sameSecret.mac))).toBe('enrol.bad-mac');
  });

  it.each([
    ['a TLS key hash that is none', { tlsSpki: 'x' }],
    ['a recipient that is none', { ageRecipient: `age1${'q'.repeat(58)}` }],
    ['a key of small order', { signKey: toBase64Url(Uint8Array.of(1, ...new Uint8Array(31))) }],
    ['a name with a line break', { name: 'a\nb' }],
  ])('ENR-4: is refused with %s although the mac holds', async (_, change) => {
    const { name, signKey, ageRecipient, tlsSpki } = { ...nodeOf(node, 'attic'), ...change };
    const bad = createEnrolmentRequest({
      token: parsed,
      node: { name, signKey, ageRecipient, tlsSpki },
      nodeFacts: {},
    });
    expect(codeOf(await verifyEnrolmentRequest(parsed, bad.request, bad.mac))).toBe('enrol.bad-request');
  });
});

describe('ENR-6: the setup code', () => {
  const { code, secretHash } = createSetupCode(coreSpki, seededRandom('setup'));

  it('ENR-6: carries 80 bits of the key hash and a secret that only its hash is kept of', () => {
    expect(code).toMatch(/^([a-z2-7]{5}-){7}[a-z2-7]{5}$/);
    const setup = unwrap(parseSetupCode(code));
    expect(setup.spkiPrefix).toEqual(fromHex(coreSpki)?.slice(0, 10));
    expect(setupCodeMatchesSpki(setup, coreSpki)).toBe(true);
    expect(setupSecretMatches(setup.secret, secretHash)).toBe(true);
  });

  it('ENR-6: another core and another secret do not match', () => {
    const setup = unwrap(parseSetupCode(code));
    expect(setupCodeMatchesSpki(setup, sha256Hex(utf8('evil core')))).toBe(false);
    expect(setupCodeMatchesSpki(setup, '')).toBe(false);
    const other = unwrap(parseSetupCode(createSetupCode(coreSpki, seededRandom('other')).code));
    expect(setupSecretMatches(other.secret, secretHash)).toBe(false);
    expect(setupSecretMatches('', secretHash)).toBe(false);
    expect(setupSecretMatches(setup.secret, '')).toBe(false);
  });

  it('ENR-6: is read in capitals, without hyphens and with spaces', () => {
    for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')}\n`])
      expect(unwrap(parseSetupCode(typed))).toEqual(unwrap(parseSetupCode(code)));
  });

  it('ENR-6: every single mistyped character and every swap of neighbours is caught', () => {
    const bare = code.replaceAll('-', '');
    for (let i = 0; i < bare.length; i++) {
      const wrong = `${bare.slice(0, i)}${bare[i] === 'a' ? 'b' : 'a'}${bare.slice(i + 1)}`;
      expect(codeOf(parseSetupCode(wrong))).toBe('enrol.bad-setup-code');
      const swapped = `${bare.slice(0, i)}${bare[i + 1] ?? ''}${bare[i]}${bare.slice(i + 2)}`;
      if (swapped !== bare) expect(codeOf(parseSetupCode(swapped))).toBe('enrol.bad-setup-code');
    }
    for (const text of ['', 'hello', bare.slice(1), `${bare}a`, 'a'.repeat(1_000)])
      expect(codeOf(parseSetupCode(text))).toBe('enrol.bad-setup-code');
  });
});

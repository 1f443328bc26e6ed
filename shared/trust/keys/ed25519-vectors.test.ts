import { describe, expect, it } from 'vitest';
import { toBase64, toBase64Url, utf8 } from '#shared/kernel/index.ts';
import { openEnvelope } from '../envelopes/open-envelope.ts';
import { parseEnvelope } from '../envelopes/parse-envelope.ts';
import { signEnvelope } from '../envelopes/sign-envelope.ts';
import {
  add,
  BASE,
  challengeOf,
  decodePoint,
  encodePoint,
  IDENTITY,
  L,
  littleEndian,
  multiply,
  negate,
  signAs,
  torsionPoint,
} from '../testing/edwards.ts';
import { codeOf, seededRandom, testId } from '../testing/test-fleet.ts';
import { isSoundPoint } from './ed25519-encoding.ts';
import { generateSigningKey } from './signing-key.ts';
import { verifySignature } from './verify.ts';

const T = torsionPoint();
/** A key pair whose scalar we know, and a nonce: both below L. */
const a = 0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdn;
const r = 0x0fedcba9876543210fedcba9876543210fedcba9876543210fedcba987654n;
const A = multiply(BASE, a);
const R = multiply(BASE, r);
const message = (number: number) => utf8(`message ${number}`);
const verify = (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) =>
  verifySignature(toBase64Url(key), bytes, signature);

describe('ENV-4 A8-7: signatures made from the definition', () => {
  it('the honest twin: what the definition signs, the verifier takes', async () => {
    expect(multiply(BASE, L)).toEqual(IDENTITY);
    for (let number = 0; number < 3; number++) {
      const about = { r: r + BigInt(number), a, A: encodePoint(A), message: message(number) };
      const signature = signAs({ ...about, R: encodePoint(multiply(BASE, about.r)) });
      expect(await verify(about.A, about.message, signature)).toBe(true);
      expect(await verify(about.A, message(number + 1), signature)).toBe(false);
    }
  });

  it('R = the identity fits the equation, and is refused', async () => {
    for (const bytes of [encodePoint(IDENTITY), encodePoint({ x: 1n, y: 1n })]) {
      const signature = signAs({ r: 0n, a, R: bytes, A: encodePoint(A), message: message(1) });
      expect(await verify(encodePoint(A), message(1), signature)).toBe(false);
    }
  });

  it('every R of small order is refused, whatever S makes it fit', async () => {
    for (let times = 0n; times < 8n; times++) {
      const bytes = encodePoint(multiply(T, times));
      expect(isSoundPoint(bytes)).toBe(false);
      const signature = signAs({ r: 0n, a, R: bytes, A: encodePoint(A), message: message(2) });
      expect(await verify(encodePoint(A), message(2), signature)).toBe(false);
    }
  });

  it('a key of small order is refused with the signature that fits it for every message it can', async () => {
    for (let times = 0n; times < 8n; times++) {
      const key = encodePoint(multiply(T, times));
      for (let number = 0; number < 16; number++) {
        // S·B = R + k·A holds for S = r wherever k·A is the identity: anybody can find such a message.
        const signature = new Uint8Array([...encodePoint(R), ...littleEndian(r)]);
        expect(await verify(key, message(number), signature)).toBe(false);
      }
    }
  });

  it('R of mixed order is refused: it fits only when the equation is multiplied by eight', async () => {
    for (let times = 1n; times < 8n; times++) {
      const about = { r, a, R: encodePoint(add(R, multiply(T, times))), A: encodePoint(A), message: message(3) };
      expect(isSoundPoint(about.R)).toBe(true);
      expect(await verify(about.A, about.message, signAs(about))).toBe(false);
    }
  });

  it('a key of mixed order is another key: a signature counts for it only by the strict equation', async () => {
    let fitted = 0;
    for (let number = 0; number < 40; number++) {
      const about = { r, a, R: encodePoint(R), A: encodePoint(add(A, T)), message: message(number) };
      const signature = signAs(about);
      const k = challengeOf(about.R, about.A, about.message);
      expect(await verify(about.A, about.message, signature)).toBe(k % 8n === 0n);
      if (k % 8n === 0n) fitted++;
      expect(await verify(encodePoint(A), about.message, signature)).toBe(false);
    }
    expect(fitted).toBeGreaterThan(0);
  });

  it('a key that is the negative of another takes none of its signatures', async () => {
    const signature = signAs({ r, a, R: encodePoint(R), A: encodePoint(A), message: message(4) });
    expect(await verify(encodePoint(negate(A)), message(4), signature)).toBe(false);
    expect(await verify(encodePoint(A), message(4), signature)).toBe(true);
  });

  it('S = 0, S = L and S = L - 1 sign nothing', async () => {
    for (const s of [0n, 1n, L - 1n, L, L + 1n, 2n ** 252n, 2n ** 255n - 1n, 2n ** 256n - 1n]) {
      const signature = new Uint8Array([...encodePoint(R), ...littleEndian(s)]);
      expect(await verify(encodePoint(A), message(5), signature)).toBe(false);
    }
  });

  it('bytes that are no point of the curve are no key and no R', async () => {
    const off = Array.from({ length: 64 }, (_, i) => littleEndian(BigInt(i) + 2n)).filter((y) => !decodePoint(y));
    expect(off.length).toBeGreaterThan(20);
    for (const bytes of off) {
      const signature = signAs({ r, a, R: bytes, A: encodePoint(A), message: message(6) });
      expect(await verify(encodePoint(A), message(6), signature)).toBe(false);
      const byKey = signAs({ r, a, R: encodePoint(R), A: bytes, message: message(6) });
      expect(await verify(bytes, message(6), byKey)).toBe(false);
    }
  });

  it('a signature of Ed25519ctx or Ed25519ph over the same bytes is refused', async () => {
    for (const [flag, context] of [
      [0, 'overseer'],
      [1, ''],
      [1, 'overseer'],
    ] as const) {
      const head = [...utf8('SigEd25519 no Ed25519 collisions'), flag, context.length];
      const dom = new Uint8Array([...head, ...utf8(context)]);
      const about = { r, a, R: encodePoint(R), A: encodePoint(A), message: message(7) };
      expect(await verify(about.A, about.message, signAs({ ...about, dom }))).toBe(false);
    }
  });

  it('every one-bit change of the key or of the message is refused', async () => {
    const { signer, publicKey } = await generateSigningKey(seededRandom('bits of the key'));
    const bytes = message(8);
    const signature = await signer.sign(bytes);
    const key = Uint8Array.from(atob(publicKey.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
    expect(await verify(key, bytes, signature)).toBe(true);
    for (let bit = 0; bit < 256; bit++) {
      expect(await verify(flip(key, bit), bytes, signature)).toBe(false);
      expect(await verify(key, flip(bytes, bit), signature)).toBe(false);
    }
  });

  it('an empty, a short and a long signature are refused, by the verifier and in an envelope alike', async () => {
    const { signer, publicKey } = await generateSigningKey(seededRandom('lengths'));
    const signature = await signer.sign(message(9));
    const key = Uint8Array.from(atob(publicKey.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
    for (const length of [0, 1, 31, 32, 63, 65, 96, 128, 4_096]) {
      const cut = new Uint8Array(length);
      cut.set(signature.subarray(0, length));
      expect(await verify(key, message(9), cut)).toBe(false);
    }
    const fleet = 'f'.repeat(64);
    const command = await signEnvelope(
      'command',
      {
        fleet,
        node: testId('node'),
        verb: 'restart',
        args: {},
        session: testId('session'),
        writer: testId('writer'),
        counter: 1,
        expiresAt: '2026-03-01T12:00:00.000Z',
        replyKey: null,
      },
      signer,
    );
    const open = (sig: Uint8Array) =>
      openEnvelope(
        { ...command, signatures: [{ keyid: signer.keyId, sig: toBase64(sig) }] },
        { kind: 'command', fleet, keys: () => publicKey },
      );
    const own = Uint8Array.from(atob(command.signatures[0]?.sig ?? ''), (one) => one.charCodeAt(0));
    expect(codeOf(await open(own))).toBe('ok');
    for (const length of [0, 1, 63, 65, 128])
      expect(codeOf(await open(new Uint8Array(length)))).toBe('trust.malformed');
    expect(codeOf(await open(new Uint8Array(64)))).toBe('trust.bad-signature');
    for (const signatures of [[], [command.signatures[0], command.signatures[0]], [null], 'none'])
      expect(codeOf(parseEnvelope({ ...command, signatures }))).toBe('trust.malformed');
  });
});

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  const index = (bit >> 3) % changed.length;
  changed[index] = (changed[index] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

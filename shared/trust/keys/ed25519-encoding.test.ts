import { describe, expect, it } from 'vitest';
import { fromHex, toBase64Url, utf8 } from '#shared/kernel/index.ts';
import { seededRandom } from '../testing/test-fleet.ts';
import { isSoundPoint, isSoundSignature } from './ed25519-encoding.ts';
import { generateSigningKey } from './signing-key.ts';
import { verifySignature } from './verify.ts';

const hex = (text: string) => fromHex(text) ?? new Uint8Array();
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}
function toBigInt(bytes: Uint8Array): bigint {
  return [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** All encodings of the eight points of small order, canonical and not, with both signs. */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

/** y from p to 2^255 - 1: a second spelling of y - p. */
const nonCanonical = Array.from({ length: 19 }, (_, i) => littleEndian(2n ** 255n - 19n + BigInt(i)));

describe('ENV-4: keys and signatures that prove nothing', () => {
  it.each(smallOrder)('refuses the small-order key %s', async (text) => {
    expect(isSoundPoint(hex(text))).toBe(false);
    // The trivial forgery for such keys: R = the identity or the key itself, S = 0.
    for (const r of [hex(smallOrder[2] ?? ''), hex(text)])
      expect(
        await verifySignature(toBase64Url(hex(text)), utf8('any'), new Uint8Array([...r, ...new Uint8Array(32)])),
      ).toBe(false);
  });

  it('refuses each key whose y is not below the prime, with either sign', () => {
    for (const bytes of nonCanonical) {
      expect(isSoundPoint(bytes)).toBe(false);
      bytes[31] = (bytes[31] ?? 0) | 0x80;
      expect(isSoundPoint(bytes)).toBe(false);
    }
  });

  it('refuses a key or a signature of another length', async () => {
    const { signer, publicKey } = await generateSigningKey(seededRandom('length'));
    const sig = await signer.sign(utf8('m'));
    expect(isSoundPoint(new Uint8Array(31))).toBe(false);
    expect(isSoundSignature(sig.subarray(0, 63))).toBe(false);
    expect(await verifySignature(publicKey, utf8('m'), new Uint8Array())).toBe(false);
    expect(await verifySignature(publicKey.slice(0, 42), utf8('m'), sig)).toBe(false);
    expect(await verifySignature('', utf8('m'), sig)).toBe(false);
  });

  it('refuses S + L, which signs the same bytes with another signature', async () => {
    const { signer, publicKey } = await generateSigningKey(seededRandom('malleable'));
    const sig = await signer.sign(utf8('m'));
    expect(await verifySignature(publicKey, utf8('m'), sig)).toBe(true);
    const s = toBigInt(sig.subarray(32));
    for (let times = 1n; s + times * L < 2n ** 256n; times++) {
      const twin = new Uint8Array([...sig.subarray(0, 32), ...littleEndian(s + times * L)]);
      expect(isSoundSignature(twin)).toBe(false);
      expect(await verifySignature(publicKey, utf8('m'), twin)).toBe(false);
    }
    expect(isSoundSignature(new Uint8Array([...sig.subarray(0, 32), ...littleEndian(L)]))).toBe(false);
    expect(isSoundSignature(new Uint8Array([...sig.subarray(0, 32), ...littleEndian(L - 1n)]))).toBe(true);
  });

  it('refuses a signature whose R is of small order or not canonical', async () => {
    const { signer, publicKey } = await generateSigningKey(seededRandom('bad r'));
    const sig = await signer.sign(utf8('m'));
    for (const r of [...smallOrder.map(hex), ...nonCanonical]) {
      const bad = new Uint8Array([...r, ...sig.subarray(32)]);
      expect(isSoundSignature(bad)).toBe(false);
      expect(await verifySignature(publicKey, utf8('m'), bad)).toBe(false);
    }
  });

  it('takes the keys and signatures of RFC 8032 §7.1', async () => {
    const vectors = [
      [
        'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ],
      [
        '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        '72',
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      ],
      [
        'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
        'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
      ],
    ];
    for (const [key = '', message = '', sig = ''] of vectors) {
      expect(await verifySignature(toBase64Url(hex(key)), hex(message), hex(sig))).toBe(true);
      expect(await verifySignature(toBase64Url(hex(key)), hex(`${message}00`), hex(sig))).toBe(false);
    }
  });

  it('refuses every one-bit change of a signature', async () => {
    const { signer, publicKey } = await generateSigningKey(seededRandom('bits'));
    const sig = await signer.sign(utf8('m'));
    for (let bit = 0; bit < 512; bit++) {
      const bad = new Uint8Array(sig);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await verifySignature(publicKey, utf8('m'), bad)).toBe(false);
    }
  });
});

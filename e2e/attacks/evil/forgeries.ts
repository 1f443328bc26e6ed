import { toBase64 } from '#shared/kernel/index.ts';
import { type Envelope, itemHash, payloadBytesOf } from '#shared/trust/index.ts';

/** The order of Ed25519's base point, little-endian: S + L is a second spelling of the signature S. */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** An envelope that somebody made without the key, and the name its payload has. */
export interface Forgery {
  readonly how: string;
  readonly envelope: Envelope;
  readonly hash: string;
}

const named = (how: string, envelope: Envelope): Forgery => ({ how, envelope, hash: itemHash(envelope) });

const withSignature = (envelope: Envelope, sig: Uint8Array, how: string): Forgery =>
  named(how, { ...envelope, signatures: [{ keyid: keyOf(envelope), sig: toBase64(sig) }] });

const keyOf = ({ signatures }: Envelope) => signatures[0]?.keyid ?? '';
const signatureOf = ({ signatures }: Envelope) => Buffer.from(signatures[0]?.sig ?? '', 'base64');

/** One bit of each byte of the signature and of the payload turned over. `every` thins them out. */
export function bitFlips(envelope: Envelope, every: number): Forgery[] {
  const flips: Forgery[] = [];
  const sig = signatureOf(envelope);
  for (let at = 0; at < sig.length; at += every) {
    const bent = Buffer.from(sig);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    flips.push(withSignature(envelope, bent, `signature, byte ${at}`));
  }
  const payload = payloadBytesOf(envelope);
  for (let at = 0; at < payload.length; at += every * 4) {
    const bent = new Uint8Array(payload);
    bent[at] = (bent[at] ?? 0) ^ 1;
    flips.push(named(`payload, byte ${at}`, { ...envelope, payload: toBase64(bent) }));
  }
  return flips;
}

/** The same bytes under signatures that prove nothing: none, zeros, another half, the second spelling of S. */
export function worthlessSignatures(envelope: Envelope): Forgery[] {
  const sig = signatureOf(envelope);
  const zeros = new Uint8Array(64);
  const swapped = Buffer.concat([sig.subarray(32), sig.subarray(0, 32)]);
  return [
    withSignature(envelope, zeros, 'all zeros'),
    withSignature(envelope, swapped, 'halves swapped'),
    withSignature(envelope, secondSpelling(sig), 'S + L'),
  ];
}

/** No signature at all, and half of one. */
export function missingSignatures(envelope: Envelope): Forgery[] {
  return [
    withSignature(envelope, new Uint8Array(0), 'empty'),
    withSignature(envelope, signatureOf(envelope).subarray(0, 32), 'half'),
  ];
}

function secondSpelling(sig: Uint8Array): Uint8Array {
  let s = 0n;
  for (let at = 63; at >= 32; at--) s = (s << 8n) | BigInt(sig[at] ?? 0);
  s += GROUP_ORDER;
  const out = new Uint8Array(sig);
  for (let at = 32; at < 64; at++, s >>= 8n) out[at] = Number(s & 0xffn);
  return out;
}

/** The payload written in another way that says the same to some reader, under the signature of the first. */
export function rewritten(envelope: Envelope): Forgery[] {
  const text = Buffer.from(envelope.payload, 'base64').toString('utf8');
  const value = JSON.parse(text) as Record<string, unknown>;
  const again = (how: string, written: string) => named(how, { ...envelope, payload: toBase64(Buffer.from(written)) });
  const escaped = text.replace('"appId"', '"app\\u0049d"');
  const exponent = text.replace(/"number":(\d+)/, (_, digits: string) => `"number":${digits}e0`);
  return [
    again(
      'keys sorted',
      JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))),
    ),
    again('indented', JSON.stringify(value, null, 2)),
    again('a character escaped', escaped),
    again('a number with an exponent', exponent),
    again('a further field', text.replace(/^\{/, '{"also":1,')),
  ];
}

/** A second `body` key that overrules the first for a reader that takes the last. */
export function withSecondBody(envelope: Envelope, bodyHash: string): Forgery {
  const text = Buffer.from(envelope.payload, 'base64').toString('utf8');
  const written = text.replace(/\}$/, `,"body":"${bodyHash}"}`);
  return named('a second body', { ...envelope, payload: toBase64(Buffer.from(written)) });
}

import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What to write into a certificate that no honest program would make. */
export interface EvilCertificate {
  /** Whose key it holds. */
  readonly key: KeyObject;
  /** Who signs it; default: the key itself. */
  readonly issuerKey?: KeyObject;
  readonly subject?: string;
  readonly issuer?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** DNS names. */
  readonly hosts?: readonly string[];
  /** Bytes of an extension that nobody knows. */
  readonly padding?: number;
  /** Another DER of the SubjectPublicKeyInfo than the one that OpenSSL writes. */
  readonly spki?: Uint8Array;
}

const RSA_SHA256 = sequence(oid('2a864886f70d01010b'), tagged(0x05));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const ED25519 = sequence(oid('2b6570'));
const RSA_PSS = 'rsassa-pss';

/** A certificate in PEM with exactly these contents, by RFC 5280 §4.1; nothing of it is checked. */
export function writeEvilCertificate(about: EvilCertificate): string {
  const signer = about.issuerKey ?? about.key;
  const algorithm = algorithmOf(signer);
  const subject = about.subject ?? 'node';
  const spki = about.spki ?? createPublicKey(about.key).export({ type: 'spki', format: 'der' });
  const body = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(Uint8Array.of(1, ...randomBytes(15))),
    algorithm,
    name(about.issuer ?? subject),
    sequence(time(about.notBefore ?? '19700101000000Z'), time(about.notAfter ?? '99991231235959Z')),
    name(subject),
    spki,
    ...extensions(about),
  );
  const signature = sign(signer.asymmetricKeyType === 'ed25519' ? null : 'sha256', body, signer);
  const der = sequence(body, algorithm, tagged(0x03, Uint8Array.of(0), signature));
  return `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .replaceAll(/.{64}/g, '$&\n')
    .trim()}\n-----END CERTIFICATE-----\n`;
}

/** A key of the given kind. */
export function evilKey(kind: 'rsa' | 'ec' | 'ed25519' | typeof RSA_PSS): KeyObject {
  if (kind === 'ec') return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (kind === RSA_PSS) return generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** PKCS #8 PEM of a key. */
export const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The DER of an RSA key's SubjectPublicKeyInfo without the NULL that RFC 3279 §2.3.1 asks for. */
export function spkiWithoutNull(key: KeyObject): Buffer {
  const rsa = createPublicKey(key).export({ type: 'pkcs1', format: 'der' });
  return sequence(sequence(oid('2a864886f70d010101')), tagged(0x03, Uint8Array.of(0), rsa));
}

/** The same modulus and exponent, said to be a key for RSASSA-PSS: as SubjectPublicKeyInfo, and as PKCS #8 to go with it. */
export function asPssKey(key: KeyObject): { spki: Buffer; pkcs8: Buffer } {
  const algorithm = sequence(oid('2a864886f70d01010a'));
  const open = createPublicKey(key).export({ type: 'pkcs1', format: 'der' });
  const secret = key.export({ type: 'pkcs1', format: 'der' }) as Buffer;
  return {
    spki: sequence(algorithm, tagged(0x03, Uint8Array.of(0), open)),
    pkcs8: sequence(integer(Uint8Array.of(0)), algorithm, tagged(0x04, secret)),
  };
}

function algorithmOf(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return ED25519;
  return key.asymmetricKeyType === 'ec' ? ECDSA_SHA256 : RSA_SHA256;
}

function extensions(about: EvilCertificate): Buffer[] {
  const list: Buffer[] = [];
  if (about.hosts?.length) {
    const names = about.hosts.map((host) => tagged(0x82, Buffer.from(host)));
    list.push(sequence(oid('551d11'), tagged(0x04, sequence(...names))));
  }
  if (about.padding) list.push(sequence(oid('2a0304'), tagged(0x04, Buffer.alloc(about.padding))));
  return list.length === 0 ? [] : [tagged(0xa3, sequence(...list))];
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const head =
    size < 0x80
      ? [size]
      : size < 0x10000
        ? [0x82, size >> 8, size & 255]
        : [0x83, size >> 16, (size >> 8) & 255, size & 255];
  return Buffer.concat([Uint8Array.of(tag, ...head), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function integer(bytes: Uint8Array): Buffer {
  return tagged(0x02, bytes);
}

function name(text: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(text)))));
}

/** GeneralizedTime. */
function time(text: string): Buffer {
  return tagged(0x18, Buffer.from(text));
}

import { err, type Fault, fault, fromBase64, ok, type Result, sha256Hex } from '#shared/kernel/index.ts';
import { commonPayloadSchema } from '../common-fields.ts';
import { keyIdOf, soundPublicKey } from '../keys/key-id.ts';
import { verifySignature } from '../keys/verify.ts';
import { badPayload, describeIssue } from '../payload-fault.ts';
import { parseStrictJson } from '../strict-json.ts';
import type { Envelope } from './envelope.ts';
import { type EnvelopeKind, envelopeKinds, type PayloadOf, payloadTypeOf } from './kinds.ts';
import { preAuthEncoding } from './pae.ts';
import { parseEnvelope, payloadBytesOf } from './parse-envelope.ts';

/** A payload whose signature was verified over exactly `payloadBytes`. */
export interface Opened<P> {
  readonly payload: P;
  readonly payloadBytes: Uint8Array<ArrayBuffer>;
  readonly itemHash: string;
  /** keyId */
  readonly signer: string;
}

export interface OpenExpectation<K extends EnvelopeKind> {
  readonly kind: K;
  /** The fleet that the payload must name. */
  readonly fleet: string;
  /** base64url public key of a key id, or undefined when it does not count. */
  readonly keys: (keyId: string) => string | undefined;
  /** Features that this reader knows beyond the base. */
  readonly features?: readonly string[];
}

/**
 * ENV-2..ENV-8: verifies the signature over the exact bytes, then reads them. Nothing inside the payload is looked at
 * before the signature holds. Every refusal is `denied` with a `trust.` code.
 */
export async function openEnvelope<K extends EnvelopeKind>(
  envelope: Envelope,
  expect: OpenExpectation<K>,
): Promise<Result<Opened<PayloadOf<K>>>> {
  const parsed = parseEnvelope(envelope);
  if (!parsed.ok) return parsed;
  const signature = parsed.value.signatures[0];
  const keyid = signature?.keyid ?? '';
  const { maxBytes } = envelopeKinds[expect.kind];
  const bytes = payloadBytesOf(parsed.value);
  if (bytes.length > maxBytes) return err(tooLarge(expect.kind, bytes.length, maxBytes));

  const publicKey = expect.keys(keyid);
  if (publicKey === undefined) return err(unknownSigner(keyid));
  if (keyIdOf(publicKey) !== keyid || !soundPublicKey(publicKey)) return err(badKey(keyid));
  const sig = fromBase64(signature?.sig ?? '') ?? new Uint8Array();
  if (!(await verifySignature(publicKey, preAuthEncoding(parsed.value.payloadType, bytes), sig)))
    return err(badSignature(keyid));
  if (parsed.value.payloadType !== payloadTypeOf(expect.kind))
    return err(wrongKind(parsed.value.payloadType, payloadTypeOf(expect.kind)));

  const read = readPayload(expect.kind, bytes, expect.features ?? []);
  if (!read.ok) return read;
  if (read.value.signer !== keyid) return err(signerMismatch(read.value.signer, keyid));
  if (read.value.fleet !== expect.fleet) return err(wrongFleet(read.value.fleet, expect.fleet));
  return ok({ payload: read.value, payloadBytes: bytes, itemHash: sha256Hex(bytes), signer: keyid });
}

/** ENV-5..ENV-7: strict JSON, known features, the kind's schema. Says nothing about who signed. */
export function readPayload<K extends EnvelopeKind>(
  kind: K,
  bytes: Uint8Array,
  features: readonly string[],
): Result<PayloadOf<K>> {
  const json = parseStrictJson(bytes, { maxBytes: envelopeKinds[kind].maxBytes });
  if (!json.ok) return err(badPayload(kind, json.error.field ?? '(whole)', json.error.message));
  const common = commonPayloadSchema.safeParse(json.value);
  if (!common.success) {
    const { field, message } = describeIssue(common.error);
    return err(badPayload(kind, field, message));
  }
  const unknown = common.data.requires.find((feature) => !features.includes(feature));
  if (unknown !== undefined) return err(unknownFeature(unknown));
  const read = envelopeKinds[kind].schema.safeParse(json.value);
  if (!read.success) {
    const { field, message } = describeIssue(read.error);
    return err(badPayload(kind, field, message));
  }
  return ok(read.data as PayloadOf<K>);
}

/** ENV-6: refused by name, so that a person knows what to update. */
export function unknownFeature(name: string): Fault {
  return fault(
    'trust.unknown-feature',
    'denied',
    `this needs ${JSON.stringify(name.slice(0, 64))}, which this version of Overseer does not know`,
    'update Overseer on this machine',
    { detail: { feature: name.slice(0, 64) } },
  );
}

function tooLarge(kind: string, size: number, max: number): Fault {
  return fault(
    'trust.too-large',
    'denied',
    `the ${kind} payload has ${size} bytes, at most ${max} are taken`,
    'split what it carries',
  );
}
function unknownSigner(keyid: string): Fault {
  return fault(
    'trust.unknown-signer',
    'denied',
    `the key ${keyid} does not stand in this fleet's trust log`,
    'bring the trust log up to date, or enrol the device',
    { detail: { keyid } },
  );
}
function badKey(keyid: string): Fault {
  return fault(
    'trust.bad-key',
    'denied',
    `the public key kept for ${keyid} is not the key of that id, or is one that proves nothing`,
    'enrol the device again with a new key',
    { detail: { keyid } },
  );
}
function badSignature(keyid: string): Fault {
  return fault(
    'trust.bad-signature',
    'denied',
    `the signature by ${keyid} does not fit these bytes`,
    'ask its sender for it again; if that fails too, something between changed it',
    { detail: { keyid } },
  );
}
function wrongKind(got: string, want: string): Fault {
  return fault(
    'trust.wrong-kind',
    'denied',
    `payloadType is ${JSON.stringify(got)}, wanted ${JSON.stringify(want)}`,
    'send an envelope of the wanted kind, or update Overseer',
    { field: 'payloadType' },
  );
}
function signerMismatch(named: string, keyid: string): Fault {
  return fault(
    'trust.signer-mismatch',
    'denied',
    `the payload names ${named} as its signer, the signature is by ${keyid}`,
    'sign it again',
    { field: 'signer' },
  );
}
function wrongFleet(got: string, want: string): Fault {
  return fault(
    'trust.wrong-fleet',
    'denied',
    `this was signed for fleet ${got.slice(0, 12) || '(none)'}, this is fleet ${want.slice(0, 12) || '(none)'}`,
    'check that device, core and node belong to one fleet',
    { field: 'fleet' },
  );
}

import { err, type Fault, fault, fromBase64, ID_PATTERN, ok, type Result, sha256Hex } from '#shared/kernel/index.ts';
import { describeIssue } from '../payload-fault.ts';
import { parseStrictJson } from '../strict-json.ts';
import { type Envelope, envelopeSchema } from './envelope.ts';
import { envelopeKinds } from './kinds.ts';

const LARGEST_PAYLOAD = Math.max(...Object.values(envelopeKinds).map((kind) => kind.maxBytes));

/** Base64 of the largest payload and room for the frame around it. */
export const MAX_ENVELOPE_BYTES = Math.ceil(LARGEST_PAYLOAD / 3) * 4 + 4_096;

/** ENV-1: reads an envelope from its text, its UTF-8 bytes or an already parsed value. Checks form, not trust. */
export function parseEnvelope(input: unknown): Result<Envelope> {
  let value = input;
  if (typeof input === 'string' || input instanceof Uint8Array) {
    const parsed = parseStrictJson(input, { maxBytes: MAX_ENVELOPE_BYTES });
    if (!parsed.ok) return err(malformed(parsed.error.message));
    value = parsed.value;
  }
  const read = envelopeSchema.safeParse(value);
  if (!read.success) {
    const { field, message } = describeIssue(read.error);
    return err(malformed(`${field}: ${message}`));
  }
  const signature = read.data.signatures[0];
  if (!signature || !ID_PATTERN.test(signature.keyid)) return err(malformed('keyid is not a key id'));
  if (fromBase64(signature.sig)?.length !== 64) return err(malformed('sig is not 64 bytes in canonical base64'));
  if (read.data.payload.length > MAX_ENVELOPE_BYTES) return err(malformed('payload is too large for any kind'));
  if (!fromBase64(read.data.payload)) return err(malformed('payload is not canonical base64'));
  return ok(read.data);
}

/** The payload's exact bytes. Throws on an envelope that parseEnvelope would refuse. */
export function payloadBytesOf(envelope: Envelope): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(envelope.payload);
  if (!bytes) throw new TypeError('the payload is not canonical base64');
  return bytes;
}

/** ENV-8: the name of what was signed: hex SHA-256 of the payload bytes, which hold content and signer. */
export function itemHash(envelope: Envelope): string {
  return sha256Hex(payloadBytesOf(envelope));
}

function malformed(why: string): Fault {
  return fault('trust.malformed', 'denied', `this is not a signed envelope: ${why}`, 'ask its sender for it again');
}

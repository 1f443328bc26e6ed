import { FaultError, fault, toBase64, utf8 } from '#shared/kernel/index.ts';
import type { Signer } from '../keys/signing-key.ts';
import type { Envelope } from './envelope.ts';
import { type EnvelopeKind, envelopeKinds, payloadTypeOf } from './kinds.ts';
import { readPayload } from './open-envelope.ts';
import { preAuthEncoding } from './pae.ts';

/**
 * Signs a payload. It needs `fleet` and its kind's own fields; `signer`, `requires`, `trustHead` and `auditHead` are
 * filled in when absent, and all common fields come first. Throws FaultError on what a reader would refuse, so that
 * nothing useless is ever signed.
 */
export async function signEnvelope(kind: EnvelopeKind, payload: object, signer: Signer): Promise<Envelope> {
  const { fleet, signer: named, requires, trustHead, auditHead, ...rest } = payload as Record<string, unknown>;
  const whole = {
    fleet,
    signer: named ?? signer.keyId,
    requires: requires ?? [],
    trustHead: trustHead ?? null,
    auditHead: auditHead ?? null,
    ...rest,
  };
  if (whole.signer !== signer.keyId)
    throw new FaultError(
      fault('trust.signer-mismatch', 'denied', 'the payload names another signer', 'sign with the named key', {
        field: 'signer',
      }),
    );
  const bytes = utf8(JSON.stringify(whole));
  if (bytes.length > envelopeKinds[kind].maxBytes)
    throw new FaultError(
      fault('trust.too-large', 'denied', `the ${kind} payload has ${bytes.length} bytes`, 'split what it carries'),
    );
  const read = readPayload(kind, bytes, whole.requires as string[]);
  if (!read.ok) throw new FaultError(read.error);
  const payloadType = payloadTypeOf(kind);
  const sig = await signer.sign(preAuthEncoding(payloadType, bytes));
  return {
    payloadType,
    payload: toBase64(bytes),
    signatures: [{ keyid: signer.keyId, sig: toBase64(sig) }],
  };
}

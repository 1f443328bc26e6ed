import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import {
  equalBytes,
  err,
  type Fault,
  fault,
  fromBase64Url,
  ok,
  type Result,
  toBase64Url,
  utf8,
} from '#shared/kernel/index.ts';
import { hashSchema } from '../formats.ts';
import { isAgeRecipient } from '../keys/age-recipient.ts';
import { keyIdOf, soundPublicKey } from '../keys/key-id.ts';
import { type NodeIdentity, nodeIdentitySchema } from '../log/entries.ts';
import { describeIssue } from '../payload-fault.ts';
import { parseStrictJson } from '../strict-json.ts';
import { deriveFromToken, type EnrolmentToken } from './token.ts';

const MAX_REQUEST_BYTES = 64 * 1024;

/** What a node says of itself before anybody trusts it. `facts` are for the owner's eyes (OS, CPU, host name). */
const requestSchema = z.looseObject({
  v: z.literal(1),
  fleet: hashSchema,
  node: nodeIdentitySchema,
  facts: z.record(z.string().max(64), z.unknown()),
});

export interface EnrolmentRequest {
  /** base64url, for the core. */
  readonly admit: string;
  /** The exact JSON text: pass it on unchanged. */
  readonly request: string;
  /** base64url HMAC-SHA256 under bind over the request's bytes, for the owner's device. */
  readonly mac: string;
}

/** ENR-4: the node's side: names its keys and proves that it holds the token. */
export function createEnrolmentRequest(about: {
  readonly token: EnrolmentToken;
  readonly node: Omit<NodeIdentity, 'nodeId'>;
  readonly nodeFacts: object;
}): EnrolmentRequest {
  const { name, signKey, ageRecipient, tlsSpki } = about.node;
  const request = JSON.stringify({
    v: 1,
    fleet: about.token.genesis,
    node: { nodeId: keyIdOf(String(signKey)), name, signKey, ageRecipient, tlsSpki },
    facts: about.nodeFacts,
  });
  return {
    admit: toBase64Url(deriveFromToken(about.token, 'overseer/admit/v1')),
    request,
    mac: toBase64Url(macOf(about.token, request)),
  };
}

/** ENR-4: the owner's device's side: only a holder of the token can have named these keys. */
export async function verifyEnrolmentRequest(
  token: EnrolmentToken,
  request: string,
  mac: string,
): Promise<Result<NodeIdentity>> {
  if (request.length > MAX_REQUEST_BYTES) return err(badRequest('it is too long', '(whole)'));
  const given = fromBase64Url(mac);
  if (!given || !request.isWellFormed() || !equalBytes(given, macOf(token, request)))
    return err(
      fault(
        'enrol.bad-mac',
        'denied',
        'the request was not made with this token, or something changed it on its way',
        'make a new token; if it happens again, do not trust this core',
        { field: 'mac' },
      ),
    );
  const json = parseStrictJson(request, { maxBytes: MAX_REQUEST_BYTES });
  if (!json.ok) return err(badRequest(json.error.message, '(whole)'));
  const read = requestSchema.safeParse(json.value);
  if (!read.success) {
    const { field, message } = describeIssue(read.error);
    return err(badRequest(message, field));
  }
  const { node, fleet } = read.data;
  if (fleet !== token.genesis) return err(badRequest('it is for another fleet', 'fleet'));
  if (keyIdOf(node.signKey) !== node.nodeId || !soundPublicKey(node.signKey))
    return err(badRequest('it is not the key that nodeId is made from', 'node.signKey'));
  if (!isAgeRecipient(node.ageRecipient))
    return err(badRequest('its checksum or length is wrong', 'node.ageRecipient'));
  return ok(node);
}

function macOf(token: EnrolmentToken, request: string): Uint8Array {
  return hmac(sha256, deriveFromToken(token, 'overseer/bind/v1'), utf8(request));
}

function badRequest(why: string, field: string): Fault {
  return fault(
    'enrol.bad-request',
    'permanent',
    `the node's request is refused: ${field}: ${why}`,
    'update Overseer on the node and join again with a new token',
    { field },
  );
}

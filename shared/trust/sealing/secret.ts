import { z } from 'zod';
import { err, type Fault, FaultError, fault, fromBase64Url, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import { countSchema, hashSchema, idSchema } from '../formats.ts';
import { describeIssue } from '../payload-fault.ts';
import { parseStrictJson } from '../strict-json.ts';

/** Largest secret value, in bytes. */
export const MAX_SECRET_BYTES = 256 * 1024;

/** Largest sealed object, in bytes: base64url of the value, the frame and the stanzas of many recipients. */
export const MAX_SEALED_BYTES = 1024 * 1024;

const plaintextSchema = z.looseObject({
  v: z.literal(1),
  fleet: hashSchema,
  /** nodeId of a nodeCopy; null in an ownerCopy. */
  node: idSchema.nullable(),
  /** The apps it may be opened for. */
  apps: z.array(idSchema).min(1).max(256),
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
  version: countSchema,
  /** base64url of the value's bytes. */
  value: z.string().regex(/^[A-Za-z0-9_-]*$/),
});
export type SealedPlaintext = z.output<typeof plaintextSchema>;

/** What the opener knows about the secret it wants. `node` is null for an ownerCopy. */
export interface SecretExpectation {
  readonly fleet: string;
  readonly node: string | null;
  readonly appId: string;
  readonly name: string;
  /** When given, no other version will do. */
  readonly version?: number;
}

/**
 * SEC-2: seals to age recipients. age does not tell who sealed, so the plaintext says what it is for and the signed
 * release names the hash of the ciphertext. Throws FaultError on a plaintext that openSecret would refuse.
 */
export async function sealSecret(
  plaintext: SealedPlaintext,
  recipients: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const read = plaintextSchema.safeParse(plaintext);
  if (!read.success) {
    const { field, message } = describeIssue(read.error);
    throw new FaultError(badContent(`${field}: ${message}`));
  }
  const value = fromBase64Url(plaintext.value);
  if (!value) throw new FaultError(badContent('value is not canonical base64url'));
  if (value.length > MAX_SECRET_BYTES)
    throw new FaultError(
      fault(
        'secret.too-large',
        'permanent',
        `the secret ${plaintext.name} has ${value.length} bytes, at most ${MAX_SECRET_BYTES} are taken`,
        'put large files into a volume',
      ),
    );
  if (recipients.length === 0)
    throw new FaultError(fault('secret.no-recipient', 'permanent', 'nobody to seal to', 'name at least one recipient'));
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of new Set(recipients)) encrypter.addRecipient(recipient);
  return new Uint8Array(await encrypter.encrypt(utf8(JSON.stringify(plaintext))));
}

/**
 * SEC-4, SEC-5: opens a copy and checks that it is the secret that was asked for. Check the ciphertext's hash against
 * the signed release before. No refusal holds any part of the value.
 */
export async function openSecret(
  bytes: Uint8Array,
  identity: string,
  expect: SecretExpectation,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  if (bytes.length > MAX_SEALED_BYTES) return err(cannotOpen(expect.name, `it has ${bytes.length} bytes`));
  let plain: Uint8Array;
  try {
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    plain = await decrypter.decrypt(new Uint8Array(bytes));
  } catch {
    return err(cannotOpen(expect.name, 'it is not sealed to this key, or was changed'));
  }
  const json = parseStrictJson(plain, { maxBytes: MAX_SEALED_BYTES });
  if (!json.ok) return err(badContent('it is not the JSON of a secret'));
  const read = plaintextSchema.safeParse(json.value);
  if (!read.success) return err(badContent(`${describeIssue(read.error).field} does not fit`));
  const { fleet, node, apps, name, version } = read.data;
  if (fleet !== expect.fleet) return err(wrongSecret('fleet', expect));
  if (node !== expect.node) return err(wrongSecret('node', expect));
  if (!apps.includes(expect.appId)) return err(wrongSecret('apps', expect));
  if (name !== expect.name) return err(wrongSecret('name', expect));
  if (expect.version !== undefined && version !== expect.version) return err(wrongSecret('version', expect));
  const value = fromBase64Url(read.data.value);
  if (!value || value.length > MAX_SECRET_BYTES) return err(badContent('value does not fit'));
  return ok(value);
}

function cannotOpen(name: string, why: string): Fault {
  return fault(
    'secret.cannot-open',
    'denied',
    `the sealed copy of ${name} can not be opened: ${why}`,
    'seal the secret again to this machine by deploying again',
  );
}
function badContent(why: string): Fault {
  return fault('secret.bad-content', 'permanent', `the sealed content is refused: ${why}`, 'seal the secret again');
}
function wrongSecret(field: string, expect: SecretExpectation): Fault {
  return fault(
    'secret.wrong-binding',
    'denied',
    `the sealed copy was made for another ${field} than the one that asks for ${expect.name}`,
    'do not use it: somebody may have swapped copies. Deploy again from a trusted device',
    { field },
  );
}

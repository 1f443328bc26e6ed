import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FaultError, fault, fromBase64Url, toBase64Url } from '#shared/kernel/index.ts';
import { readTextIfPresent, writeDurableFile } from '#shared/node/durable-file.ts';
import { createTlsIdentity, spkiSha256 } from '#shared/node/tls-identity.ts';
import { generateSealingKey, generateSigningKey, type Signer, signerFromSeed } from '#shared/trust/index.ts';

/** The node's own keys. They never leave this machine. */
export interface NodeIdentityKeys {
  readonly nodeId: string;
  readonly signer: Signer;
  /** base64url */
  readonly signKey: string;
  /** age identity, opens nodeCopies. */
  readonly ageIdentity: string;
  readonly ageRecipient: string;
  /** PEM */
  readonly tlsKey: string;
  readonly tlsCert: string;
  readonly tlsSpki: string;
}

const fileSchema = z.looseObject({
  v: z.literal(1),
  signSeed: z.string(),
  ageIdentity: z.string().startsWith('AGE-SECRET-KEY-'),
  ageRecipient: z.string().startsWith('age1'),
  tlsKey: z.string(),
  tlsCert: z.string(),
});

/** The keys of `dataDir`, or undefined when it has none. Throws FaultError `node.bad-identity` on a damaged file. */
export async function loadIdentity(dataDir: string): Promise<NodeIdentityKeys | undefined> {
  const text = readTextIfPresent(identityPath(dataDir));
  if (text === undefined) return undefined;
  try {
    const file = fileSchema.parse(JSON.parse(text));
    const key = await signerFromSeed(fromBase64Url(file.signSeed) ?? new Uint8Array());
    return {
      nodeId: key.signer.keyId,
      signer: key.signer,
      signKey: key.publicKey,
      ageIdentity: file.ageIdentity,
      ageRecipient: file.ageRecipient,
      tlsKey: file.tlsKey,
      tlsCert: file.tlsCert,
      tlsSpki: spkiSha256(file.tlsCert),
    };
  } catch (cause) {
    throw new FaultError(
      fault(
        'node.bad-identity',
        'permanent',
        `${identityPath(dataDir)} can not be read as this node's keys.`,
        'Restore the file from a backup of this machine, or remove the folder and join again with a new token.',
      ),
      { cause },
    );
  }
}

/** The keys of `dataDir`; makes them on first use, in a folder 0700 and a file 0600. */
export async function loadOrCreateIdentity(dataDir: string): Promise<NodeIdentityKeys> {
  const present = await loadIdentity(dataDir);
  if (present) return present;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const [sign, age] = [await generateSigningKey(), await generateSealingKey()];
  // The name in the certificate is the key's own: peers compare keys, and a host name would only leak.
  const tls = await createTlsIdentity({ commonName: `node-${sign.signer.keyId}` });
  writeDurableFile(
    identityPath(dataDir),
    `${JSON.stringify({
      v: 1,
      signSeed: toBase64Url(sign.exportSeed()),
      ageIdentity: age.identity,
      ageRecipient: age.recipient,
      tlsKey: tls.keyPem,
      tlsCert: tls.certPem,
    })}\n`,
  );
  const made = await loadIdentity(dataDir);
  if (!made) throw new TypeError('the identity file vanished');
  return made;
}

function identityPath(dataDir: string): string {
  return join(dataDir, 'identity.json');
}

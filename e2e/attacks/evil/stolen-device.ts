import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '#shared/kernel/index.ts';
import { type DeviceSecrets, deviceSecretsSchema } from '#shared/node/device-store/device-secrets.ts';
import {
  generateSealingKey,
  generateSigningKey,
  openWithPassphrase,
  type Signer,
  signerFromSeed,
} from '#shared/trust/index.ts';

/** A device whose keys lie open: a laptop that was taken unlocked, or one that its thief made. */
export interface OpenDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly signer: Signer;
  /** base64url */
  readonly publicKey: string;
  readonly ageRecipient: string;
  readonly ageIdentity: string;
  /** base64url */
  readonly seed: string;
}

/** Opens the keys of a device of the command line by its passphrase. */
export async function stealDevice(home: string, passphrase: string): Promise<OpenDevice> {
  const opened = unwrap(await openWithPassphrase(readFileSync(join(home, 'device.age')), passphrase));
  const secrets: DeviceSecrets = deviceSecretsSchema.parse(JSON.parse(opened));
  const { signer, publicKey } = await signerFromSeed(Buffer.from(secrets.signSeed, 'base64url'));
  const { name, ageRecipient, ageIdentity } = secrets;
  return { deviceId: signer.keyId, name, signer, publicKey, ageRecipient, ageIdentity, seed: secrets.signSeed };
}

/** Keys of a device that stands in no log yet. */
export async function makeDevice(name: string, seed?: Uint8Array): Promise<OpenDevice> {
  const signing = seed === undefined ? await generateSigningKey() : await signerFromSeed(seed);
  const sealing = await generateSealingKey();
  const { signer, publicKey } = signing;
  const { recipient: ageRecipient, identity: ageIdentity } = sealing;
  const exported = Buffer.from(signing.exportSeed()).toString('base64url');
  return { deviceId: signer.keyId, name, signer, publicKey, ageRecipient, ageIdentity, seed: exported };
}

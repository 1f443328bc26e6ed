import { Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** The secrets of one device, as they lie inside the sealed file. */
const deviceSecretsSchema = z.looseObject({
  v: z.literal(1),
  deviceId: z.string(),
  name: z.string(),
  /** base64url of the 32-byte Ed25519 seed. */
  signSeed: z.string(),
  ageIdentity: z.string(),
  ageRecipient: z.string(),
  /** Hex of the replica's 256-bit key. */
  replicaKey: z.string().regex(/^[0-9a-f]{64}$/),
});

export type DeviceSecrets = z.output<typeof deviceSecretsSchema>;

/**
 * log2 of scrypt's N. 16 takes 64 MiB and a quarter of a second in JavaScript on a 2-core machine, so that each
 * command stays under a second; age's own 18 takes more than a second each time. The passphrase's length rule
 * makes up for the two bits.
 */
export const PASSPHRASE_WORK_FACTOR = 16;

/** A random 256-bit passphrase from a keyring needs no stretching. */
export const KEYRING_WORK_FACTOR = 10;

/** Seals device secrets as a standard age file: `age -d device.age` opens it too. */
export async function sealDeviceSecrets(
  secrets: DeviceSecrets,
  passphrase: string,
  workFactor: number,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(JSON.stringify(secrets));
}

/** Opens a sealed device file. A wrong passphrase and a damaged file look alike to age; the fault says both. */
export async function openDeviceSecrets(file: Uint8Array, passphrase: string): Promise<Result<DeviceSecrets>> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  let text: string;
  try {
    text = await decrypter.decrypt(file, 'text');
  } catch {
    return err(
      fault(
        'device.locked',
        'denied',
        'the device keys could not be opened: wrong passphrase, or a damaged file',
        'Give the passphrase of this device (OVERSEER_PASSPHRASE_FILE, or type it when asked).',
      ),
    );
  }
  const parsed = deviceSecretsSchema.safeParse(JSON.parse(text));
  if (parsed.success) return ok(parsed.data);
  return err(
    fault(
      'device.bad-file',
      'permanent',
      'the device file was written by a version that this one does not know',
      'Use the version of overseer that wrote it, or a newer one.',
    ),
  );
}

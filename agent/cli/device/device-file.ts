import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type DeviceSecrets, deviceSecretsSchema } from '#shared/node/device-store/device-secrets.ts';
import { openWithPassphrase, sealWithPassphrase } from '#shared/trust/index.ts';

const PASSPHRASE_NEXT = 'Give the passphrase of this device (OVERSEER_PASSPHRASE_FILE, or type it when asked).';

/** A random 256-bit passphrase from a keyring needs no stretching. */
export const KEYRING_WORK_FACTOR = 10;

/** Seals device secrets as a standard age file: `age -d device.age` opens it too. */
export function sealDeviceSecrets(secrets: DeviceSecrets, passphrase: string, workFactor: number): Promise<Uint8Array> {
  return sealWithPassphrase(JSON.stringify(secrets), passphrase, workFactor);
}

/** Opens a sealed device file. A wrong passphrase and a damaged file look alike to age; the fault says both. */
export async function openDeviceSecrets(file: Uint8Array, passphrase: string): Promise<Result<DeviceSecrets>> {
  const opened = await openWithPassphrase(file, passphrase);
  if (!opened.ok) return err({ ...opened.error, next: PASSPHRASE_NEXT });
  const parsed = deviceSecretsSchema.safeParse(JSON.parse(opened.value));
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

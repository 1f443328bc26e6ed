import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/**
 * log2 of scrypt's N. 16 takes 64 MiB and a quarter of a second in JavaScript on a 2-core machine, so that each
 * command stays under a second; age's own 18 takes more than a second each time. The passphrase's length rule
 * makes up for the two bits.
 */
export const PASSPHRASE_WORK_FACTOR = 16;

/** Seals a text as a standard age file that a passphrase opens: `age -d` opens it too. */
export async function sealWithPassphrase(text: string, passphrase: string, workFactor: number): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(text);
}

/** Opens what was sealed so. A wrong passphrase and a damaged file look alike to age; the fault says both. */
export async function openWithPassphrase(sealed: Uint8Array, passphrase: string): Promise<Result<string>> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return ok(await decrypter.decrypt(new Uint8Array(sealed), 'text'));
  } catch {
    return err(
      fault(
        'device.locked',
        'denied',
        'the device keys could not be opened: wrong passphrase, or a damaged file',
        'Give the passphrase of this device.',
      ),
    );
  }
}

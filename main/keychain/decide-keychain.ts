import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';

/** What can be found out about the system's keychain without storing anything in it. */
export interface KeychainFacts {
  readonly platform: NodeJS.Platform;
  readonly available: boolean;
  /** What Electron's older interface names; Linux only. */
  readonly backend: string;
  /** The first bytes of something sealed by it. */
  readonly sealedSample: Uint8Array;
}

/**
 * P7, A5: whether keys may be sealed by the system's keychain. On Linux Chromium falls back to a key that stands in its
 * source and calls that available: the backend `basic_text` names it in the older interface, ciphertext that begins
 * with `v10` proves it in both. (On macOS `v10` is the keychain itself, on Windows DPAPI.)
 */
export function decideKeychain(facts: KeychainFacts): Result<'system'> {
  if (!facts.available) return err(absent());
  if (facts.platform !== 'linux') return ok('system');
  if (facts.backend === 'basic_text') return err(weak('basic_text'));
  const prefix = new TextDecoder('latin1').decode(facts.sealedSample.slice(0, 3));
  return prefix === 'v10' ? err(weak('v10')) : ok('system');
}

function absent(): Fault {
  return fault(
    'keychain.absent',
    'permanent',
    'this system has no keychain that Overseer could keep its keys in',
    'Choose a passphrase for this device; it is asked at each start.',
  );
}

function weak(why: string): Fault {
  return fault(
    'keychain.weak',
    'denied',
    `the keychain of this desktop seals with a key that everybody knows (${why})`,
    'Unlock or install a keyring (GNOME Keyring, KWallet) and start again, or choose a passphrase for this device.',
  );
}

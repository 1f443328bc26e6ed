import { z } from 'zod';
import { err, type Fault, fault, fromBase64Url, ok, type Result, toBase64Url } from '#shared/kernel/index.ts';
import { openWithPassphrase, PASSPHRASE_WORK_FACTOR, sealWithPassphrase } from '#shared/trust/index.ts';
import type { Keychain } from './keychain.ts';

/** The shortest passphrase that is taken as a new one, in characters. */
const MIN_PASSPHRASE_LENGTH = 10;

/** How often a passphrase may be typed wrongly before the program gives up for now. */
const MAX_TRIES = 5;

/** One file that is written whole. */
export interface VaultFile {
  read(): string | undefined;
  write(text: string): void;
  remove(): void;
}

/** Asks the person; null when there was no answer. `why` is the reason for a passphrase or what was wrong with the last. */
export type AskPassphrase = (about: {
  readonly choose: boolean;
  readonly why: string | null;
}) => Promise<string | null>;

/** Keeps the secrets of this device (its keys and the replica's) on disk, sealed. */
export interface KeyVault {
  /** Null: this device has none yet. */
  load(): Promise<Result<string | null>>;
  save(secrets: string): Promise<Result<void>>;
  /** Forgets them for ever; only on the person's own wish. */
  remove(): void;
}

const fileSchema = z.strictObject({
  v: z.literal(1),
  by: z.enum(['system', 'passphrase']),
  sealed: z.string().regex(/^[A-Za-z0-9_-]+$/),
});

/**
 * P7: seals by the system's keychain, and by a passphrase where that is weak or absent. How it was sealed stands in the
 * file, so a keychain that is away for a day is waited for, not replaced; no fault of any kind removes the file.
 */
export function createKeyVault(file: VaultFile, keychain: Keychain, ask: AskPassphrase): KeyVault {
  /** The passphrase of this run, so that a later save does not ask again. */
  let passphrase: string | null = null;

  const write = (by: 'system' | 'passphrase', sealed: Uint8Array): void =>
    file.write(`${JSON.stringify({ v: 1, by, sealed: toBase64Url(new Uint8Array(sealed)) })}\n`);

  const saveByPassphrase = async (secrets: string, why: string): Promise<Result<void>> => {
    passphrase ??= await ask({ choose: true, why });
    if (passphrase === null) return err(notGiven());
    if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
      passphrase = null;
      return err(tooShort());
    }
    write('passphrase', await sealWithPassphrase(secrets, passphrase, PASSPHRASE_WORK_FACTOR));
    return ok();
  };

  const openByPassphrase = async (sealed: Uint8Array<ArrayBuffer>): Promise<Result<string>> => {
    let why: string | null = null;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const typed = await ask({ choose: false, why });
      if (typed === null) return err(notGiven());
      const opened = await openWithPassphrase(sealed, typed);
      if (opened.ok) {
        passphrase = typed;
        return opened;
      }
      why = opened.error.message;
    }
    return err(notGiven());
  };

  const save = async (secrets: string): Promise<Result<void>> => {
    // Whoever chose a passphrase keeps it, also when a keyring appears later.
    if (passphrase !== null) return saveByPassphrase(secrets, '');
    const checked = await keychain.check();
    if (!checked.ok) {
      return checked.error.kind === 'transient' ? checked : saveByPassphrase(secrets, checked.error.message);
    }
    const sealed = await keychain.seal(secrets);
    if (!sealed.ok) return sealed;
    write('system', sealed.value);
    return ok();
  };

  return {
    save,
    async load() {
      const text = file.read();
      if (text === undefined) return ok(null);
      const parsed = readVaultFile(text);
      if (!parsed.ok) return parsed;
      if (parsed.value.by === 'passphrase') return openByPassphrase(parsed.value.sealed);
      const opened = await keychain.open(parsed.value.sealed);
      if (!opened.ok) return opened;
      // The old seal still opens; should the new one fail, the file is as it was.
      if (opened.value.reseal) await save(opened.value.text);
      return ok(opened.value.text);
    },
    remove() {
      passphrase = null;
      file.remove();
    },
  };
}

function readVaultFile(text: string): Result<{ by: 'system' | 'passphrase'; sealed: Uint8Array<ArrayBuffer> }> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text));
    const sealed = parsed.success ? fromBase64Url(parsed.data.sealed) : undefined;
    if (parsed.success && sealed) return ok({ by: parsed.data.by, sealed });
  } catch {
    // Not JSON: the same news.
  }
  return err(
    fault(
      'keychain.bad-file',
      'permanent',
      'the file with this device’s keys can not be read',
      'Bring it back from a backup, or remove it to make this device anew and approve it on another device.',
    ),
  );
}

function notGiven(): Fault {
  return fault('keychain.locked', 'denied', 'no passphrase was given', 'Start Overseer again and type it.');
}

function tooShort(): Fault {
  return fault(
    'keychain.bad-passphrase',
    'permanent',
    'the passphrase is too short',
    `Take at least ${MIN_PASSPHRASE_LENGTH} characters.`,
  );
}

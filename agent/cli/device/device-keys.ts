import { existsSync, readFileSync } from 'node:fs';
import { err, fault, ok, type Random, type Result, randomId, systemRandom, toBase64Url } from '#shared/kernel/index.ts';
import { createDeviceSecrets, type StoredKeys, secretsToKeys } from '#shared/node/device-store/device-secrets.ts';
import { PASSPHRASE_WORK_FACTOR } from '#shared/trust/index.ts';
import { KEYRING_WORK_FACTOR, openDeviceSecrets, sealDeviceSecrets } from './device-file.ts';
import { type Home, makeHome, writePrivateFile } from './home.ts';
import type { Keyring } from './keyring.ts';

/** The keys of the CLI: an owner's, and the one that its replica on disk is encrypted with. */
export interface CliKeys extends StoredKeys {
  readonly kind: 'cli';
}

/** Asks for a passphrase; `confirm` asks twice because a new one is chosen. */
export type AskPassphrase = (about: { confirm: boolean }) => Promise<Result<string>>;

/** Whether this home already holds device keys. */
export function hasDevice(home: Home): boolean {
  return existsSync(home.deviceFile) || existsSync(home.keyringDeviceFile);
}

/** Opens this device's keys, by the keyring or by its passphrase. */
export async function unlockDevice(
  home: Home,
  ask: AskPassphrase,
  keyring: Keyring | undefined,
): Promise<Result<CliKeys>> {
  if (existsSync(home.keyringDeviceFile)) {
    const passphrase = await keyring?.load(readFileSync(home.keyringAccountFile, 'utf8'));
    if (passphrase === undefined) return err(keyringSilent());
    return openFile(home.keyringDeviceFile, passphrase);
  }
  if (!existsSync(home.deviceFile)) return err(noDevice(home));
  const passphrase = await ask({ confirm: false });
  return passphrase.ok ? openFile(home.deviceFile, passphrase.value) : passphrase;
}

/** Makes and seals the keys of a new device. With a keyring nobody has to choose or type a passphrase. */
export async function createDevice(
  home: Home,
  name: string,
  ask: AskPassphrase,
  keyring: Keyring | undefined,
  random: Random = systemRandom,
): Promise<Result<CliKeys>> {
  const secrets = await createDeviceSecrets(name, random);
  makeHome(home);
  const generated = toBase64Url(random.bytes(32));
  const account = randomId(random);
  if (keyring && (await keyring.save(account, generated)) && (await keyring.load(account)) === generated) {
    writePrivateFile(home.keyringAccountFile, account);
    writePrivateFile(home.keyringDeviceFile, await sealDeviceSecrets(secrets, generated, KEYRING_WORK_FACTOR));
  } else {
    const passphrase = await ask({ confirm: true });
    if (!passphrase.ok) return passphrase;
    writePrivateFile(home.deviceFile, await sealDeviceSecrets(secrets, passphrase.value, PASSPHRASE_WORK_FACTOR));
  }
  return ok(await secretsToKeys(secrets, 'cli'));
}

async function openFile(path: string, passphrase: string): Promise<Result<CliKeys>> {
  const secrets = await openDeviceSecrets(readFileSync(path), passphrase);
  return secrets.ok ? ok(await secretsToKeys(secrets.value, 'cli')) : secrets;
}

function noDevice(home: Home) {
  return fault(
    'device.absent',
    'permanent',
    `there is no device in ${home.path}`,
    'Claim a core first: `overseer device claim --core https://HOST:7443 --code CODE` (the code is printed by `overseer core init`).',
  );
}

function keyringSilent() {
  return fault(
    'device.keyring-locked',
    'denied',
    "the system's keyring gave no key for this device",
    'Unlock the keyring in your session and run the command again.',
  );
}

import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok, unwrap, utf8 } from '#shared/kernel/index.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import { createAskPassphrase } from './ask.ts';
import { type AskPassphrase, createDevice, unlockDevice } from './device-keys.ts';
import { homeFromEnvironment } from './home.ts';
import { createSecretToolKeyring, findKeyring } from './keyring.ts';

const passphrase: AskPassphrase = async () => ok('correct horse battery');
const nobody: AskPassphrase = async () => {
  throw new Error('asked although it must not be');
};

test('P7: device keys are sealed, open with the passphrase, and only with it', async () => {
  const home = homeFromEnvironment({ OVERSEER_HOME: join(temporaryFolder(), 'home') });
  const made = unwrap(await createDevice(home, 'laptop', passphrase, undefined));
  const sealed = readFileSync(home.deviceFile);
  expect(sealed.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
  expect(sealed.includes(made.replicaKey)).toBe(false);
  expect(statSync(home.deviceFile).mode & 0o777).toBe(0o600);
  expect(statSync(home.path).mode & 0o777).toBe(0o700);
  const opened = unwrap(await unlockDevice(home, passphrase, undefined));
  expect(opened).toMatchObject({ deviceId: made.deviceId, name: 'laptop', replicaKey: made.replicaKey });
  expect(await opened.signer.sign(utf8('x'))).toEqual(await made.signer.sign(utf8('x')));
  const wrong = await unlockDevice(home, async () => ok('not the passphrase'), undefined);
  expect(wrong).toMatchObject({ ok: false, error: { code: 'device.locked' } });
});

test('a home without a device says how to make one', async () => {
  const home = homeFromEnvironment({ OVERSEER_HOME: temporaryFolder() });
  const unlocked = await unlockDevice(home, nobody, undefined);
  expect(unlocked).toMatchObject({
    ok: false,
    error: { code: 'device.absent', next: expect.stringContaining('claim') },
  });
});

test('with a keyring nobody is asked: a random passphrase lies there, given over standard input', async () => {
  const folder = temporaryFolder();
  const tool = join(folder, 'secret-tool');
  // A real program that keeps to secret-tool's command line, with a file as its keyring.
  writeFileSync(
    tool,
    `#!/bin/sh
case "$1" in
  store) cat > ${folder}/kept ;;
  lookup) cat ${folder}/kept 2>/dev/null ;;
esac
printf '%s\\n' "$*" >> ${folder}/arguments
`,
  );
  chmodSync(tool, 0o755);
  const env = { PATH: `${folder}:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/0/bus' };
  expect(findKeyring(env)?.name).toBe('Secret Service');
  expect(findKeyring({ ...env, OVERSEER_KEYRING: 'off' })).toBeUndefined();
  expect(findKeyring({ PATH: env.PATH })).toBeUndefined();
  const keyring = createSecretToolKeyring(tool);
  const home = homeFromEnvironment({ OVERSEER_HOME: join(folder, 'home') });
  const made = unwrap(await createDevice(home, 'laptop', nobody, keyring));
  expect(unwrap(await unlockDevice(home, nobody, keyring)).deviceId).toBe(made.deviceId);
  const secret = readFileSync(join(folder, 'kept'), 'utf8');
  expect(secret).toHaveLength(43);
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).not.toContain(secret);
  const locked = await unlockDevice(home, nobody, undefined);
  expect(locked).toMatchObject({ ok: false, error: { code: 'device.keyring-locked' } });
});

const terminal = (path: string) => ({
  stdin: process.stdin,
  stderr: process.stderr,
  env: { OVERSEER_PASSPHRASE_FILE: path },
});

test('P7: a passphrase file that others can read, or that is too short, is refused', async () => {
  const path = join(temporaryFolder(), 'passphrase');
  writeFileSync(path, 'correct horse battery\n', { mode: 0o600 });
  const ask = createAskPassphrase(terminal(path));
  expect(await ask({ confirm: true })).toEqual(ok('correct horse battery'));
  chmodSync(path, 0o644);
  expect(await ask({ confirm: false })).toMatchObject({
    ok: false,
    error: { next: expect.stringContaining('chmod 600') },
  });
  writeFileSync(path, 'short');
  chmodSync(path, 0o600);
  expect(await ask({ confirm: true })).toMatchObject({ ok: false, error: { code: 'cli.bad-passphrase' } });
  expect(await createAskPassphrase(terminal(`${path}-none`))({ confirm: false })).toMatchObject({
    ok: false,
    error: { code: 'cli.bad-passphrase-file' },
  });
});

test('the home follows OVERSEER_HOME, then the XDG data folder, then the user’s own', () => {
  expect(homeFromEnvironment({ OVERSEER_HOME: '/a', XDG_DATA_HOME: '/b' }).path).toBe('/a');
  expect(homeFromEnvironment({ XDG_DATA_HOME: '/b' }).path).toBe('/b/overseer');
  expect(homeFromEnvironment({ HOME: '/home/ann' }).path).toBe('/home/ann/.local/share/overseer');
});

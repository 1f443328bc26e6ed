import { describe, expect, it } from 'vitest';
import { err, fault, ok, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createSafeStorageDouble } from '../testing/safe-storage-double.ts';
import { decideKeychain } from './decide-keychain.ts';
import { createKeyVault, type VaultFile } from './key-vault.ts';
import type { Keychain } from './keychain.ts';
import { createSafeStorageKeychain, RETRY_PAUSES_MS } from './safe-storage.ts';

const facts = { platform: 'linux' as const, available: true, backend: 'gnome_libsecret', sealedSample: utf8('v11xyz') };

describe('P7: which keychain may keep keys', () => {
  it.each([
    [facts, 'system'],
    [{ ...facts, backend: 'kwallet6', sealedSample: utf8('v12xyz') }, 'system'],
    [{ ...facts, backend: 'basic_text' }, 'keychain.weak'],
    [{ ...facts, sealedSample: utf8('v10xyz') }, 'keychain.weak'],
    [{ ...facts, backend: 'unknown', sealedSample: utf8('v10xyz') }, 'keychain.weak'],
    [{ ...facts, available: false }, 'keychain.absent'],
    [{ ...facts, platform: 'darwin' as const, backend: '', sealedSample: utf8('v10xyz') }, 'system'],
    [{ ...facts, platform: 'win32' as const, backend: '', sealedSample: utf8('v10xyz') }, 'system'],
    [{ ...facts, platform: 'win32' as const, available: false }, 'keychain.absent'],
  ])('%j: %s', (given, expected) => {
    const decided = decideKeychain(given);
    expect(decided.ok ? decided.value : decided.error.code).toBe(expected);
  });
});

describe('safeStorage as a keychain', () => {
  it('seals and opens, and tells when the system wants it sealed anew', async () => {
    const double = createSafeStorageDouble({ prefix: 'v11' });
    const keychain = createSafeStorageKeychain(double.api, 'linux', async () => undefined);
    expect(await keychain.check()).toEqual(ok('system'));
    const sealed = unwrap(await keychain.seal('keys'));
    expect(Buffer.from(sealed).includes('keys')).toBe(false);
    expect(unwrap(await keychain.open(sealed))).toEqual({ text: 'keys', reseal: false });
    double.rotate();
    expect(unwrap(await keychain.open(sealed))).toEqual({ text: 'keys', reseal: true });
  });

  it('a keychain that is away for a moment is tried again, one that stays away is reported as such', async () => {
    const double = createSafeStorageDouble({ prefix: 'v11' });
    const pauses: number[] = [];
    const keychain = createSafeStorageKeychain(double.api, 'linux', async (ms) => void pauses.push(ms));
    const sealed = unwrap(await keychain.seal('keys'));
    double.failNext(3);
    expect(unwrap(await keychain.open(sealed)).text).toBe('keys');
    expect(pauses).toEqual(RETRY_PAUSES_MS.slice(0, 3));
    double.failNext(100);
    expect(await keychain.open(sealed)).toMatchObject({ ok: false, error: { code: 'keychain.unavailable' } });
    expect(await keychain.check()).toMatchObject({ ok: false, error: { kind: 'transient' } });
  });

  it('P7: the fixed key that Chromium calls available is refused', async () => {
    const weak = createSafeStorageDouble({ prefix: 'v10', backend: 'unknown' });
    const keychain = createSafeStorageKeychain(weak.api, 'linux', async () => undefined);
    expect(await keychain.check()).toMatchObject({ ok: false, error: { code: 'keychain.weak' } });
  });
});

function memoryFile(): VaultFile & { text: string | undefined } {
  return {
    text: undefined,
    read() {
      return this.text;
    },
    write(text) {
      this.text = text;
    },
    remove() {
      this.text = undefined;
    },
  };
}

const good = (): Keychain =>
  createSafeStorageKeychain(createSafeStorageDouble({ prefix: 'v11' }).api, 'linux', async () => undefined);
const weak: Keychain = {
  check: async () => err(fault('keychain.weak', 'denied', 'a key that everybody knows', 'choose')),
  seal: async () => {
    throw new Error('sealed by a weak keychain');
  },
  open: async () => err(fault('keychain.unavailable', 'transient', 'away', 'wait')),
};
const nobody = async () => {
  throw new Error('asked although it must not be');
};

describe('P7: the vault', () => {
  it('seals by the system without asking anybody', async () => {
    const file = memoryFile();
    const keychain = good();
    const vault = createKeyVault(file, keychain, nobody);
    expect(await vault.load()).toEqual(ok(null));
    unwrap(await vault.save('the keys'));
    expect(file.text).not.toContain('the keys');
    expect(await createKeyVault(file, keychain, nobody).load()).toEqual(ok('the keys'));
  });

  it('where the keychain is weak a passphrase is chosen, and asked at the next start', async () => {
    const file = memoryFile();
    const asked: unknown[] = [];
    const answers = ['correct horse battery', 'wrong', 'correct horse battery'];
    const ask = async (about: unknown) => {
      asked.push(about);
      return answers.shift() ?? null;
    };
    unwrap(await createKeyVault(file, weak, ask).save('the keys'));
    expect(file.text).not.toContain('the keys');
    const second = createKeyVault(file, weak, ask);
    expect(await second.load()).toEqual(ok('the keys'));
    unwrap(await second.save('newer keys'));
    expect(asked).toMatchObject([
      { choose: true, why: 'a key that everybody knows' },
      { choose: false, why: null },
      { choose: false, why: expect.stringContaining('wrong passphrase') },
    ]);
  }, 30_000);

  it('no answer, a short passphrase and a keychain that is away leave everything as it is', async () => {
    const file = memoryFile();
    expect(await createKeyVault(file, weak, async () => null).save('x')).toMatchObject({
      ok: false,
      error: { code: 'keychain.locked' },
    });
    expect(await createKeyVault(file, weak, async () => 'short').save('x')).toMatchObject({
      ok: false,
      error: { code: 'keychain.bad-passphrase' },
    });
    expect(file.text).toBeUndefined();
    const keychain = good();
    unwrap(await createKeyVault(file, keychain, nobody).save('the keys'));
    const before = file.text;
    const away: Keychain = { ...weak, check: async () => err(fault('keychain.unavailable', 'transient', 'x', 'y')) };
    const vault = createKeyVault(file, away, nobody);
    expect(await vault.load()).toMatchObject({ ok: false, error: { code: 'keychain.unavailable' } });
    expect(await vault.save('other')).toMatchObject({ ok: false, error: { code: 'keychain.unavailable' } });
    expect(file.text).toBe(before);
    expect(await createKeyVault(file, keychain, nobody).load()).toEqual(ok('the keys'));
  });

  it.each([['nonsense'], ['{}'], ['{"v":2,"by":"system","sealed":"AA"}'], ['{"v":1,"by":"system","sealed":"!"}']])(
    'a file with %s is reported and kept',
    async (text) => {
      const file = memoryFile();
      file.text = text;
      expect(await createKeyVault(file, good(), nobody).load()).toMatchObject({
        ok: false,
        error: { code: 'keychain.bad-file' },
      });
      expect(file.text).toBe(text);
    },
  );
});

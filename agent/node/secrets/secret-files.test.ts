import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { err, fault, ok } from '#shared/kernel/index.ts';
import type { MemoryFolder } from './memory-folder.ts';
import { createSecretFiles } from './secret-files.ts';

let path: string;
const appId = 'a'.repeat(26);
const ref = (name: string, digit: string) => ({ name, sha256: digit.repeat(64), uses: [] });
const plain = (): MemoryFolder => ({ path, kind: 'plain', warning: null });
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'overseer-secrets-'));
});
afterEach(() => rmSync(path, { recursive: true }));

test('writes what is missing, once, readable for any user of a container', async () => {
  const files = createSecretFiles(plain());
  let opened = 0;
  const open = async () => {
    opened++;
    return ok(new Uint8Array(Buffer.from('v')));
  };
  expect(await files.restore(appId, [ref('db', '1')], open)).toEqual(ok(true));
  expect(await files.restore(appId, [ref('db', '1')], open)).toEqual(ok(false));
  expect(opened).toBe(1);
  const file = files.pathOf(appId, ref('db', '1'));
  expect(readFileSync(file, 'utf8')).toBe('v');
  expect(statSync(file).mode & 0o777).toBe(0o444);
});

test('whatever the umask, the user of a container can read its secret', async () => {
  const before = process.umask(0o077);
  try {
    const files = createSecretFiles(plain());
    await files.restore(appId, [ref('db', '1')], async () => ok(new Uint8Array([1])));
    expect(statSync(files.pathOf(appId, ref('db', '1'))).mode & 0o777).toBe(0o444);
  } finally {
    process.umask(before);
  }
});

test('a new value is a new path, and old ones go when they are named no more', async () => {
  const files = createSecretFiles(plain());
  const open = async () => ok(new Uint8Array([1]));
  await files.restore(appId, [ref('db', '1'), ref('db', '2')], open);
  expect(files.pathOf(appId, ref('db', '1'))).not.toBe(files.pathOf(appId, ref('db', '2')));
  files.keepOnly(appId, [ref('db', '2')]);
  expect(readdirSync(join(path, appId))).toEqual(['2'.repeat(64)]);
  files.remove(appId);
  expect(readdirSync(path)).toEqual([]);
});

test('a secret that can not be opened is its own fault, and nothing is written', async () => {
  const files = createSecretFiles(plain());
  const open = async () => err(fault('secret.unknown', 'permanent', 'm', 'n'));
  expect(await files.restore(appId, [ref('db', '1')], open)).toMatchObject({
    ok: false,
    error: { code: 'secret.unknown' },
  });
  expect(readdirSync(path)).toEqual([]);
});

test('the folder has a limit of its own', async () => {
  const files = createSecretFiles(plain());
  const open = async () => ok(new Uint8Array(40 * 1024 * 1024));
  expect(await files.restore(appId, [ref('a', '1'), ref('b', '2')], open)).toMatchObject({
    ok: false,
    error: { code: 'secret.no-room' },
  });
});

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '#shared/kernel/index.ts';
import { createFileStore } from './stack-files.ts';

let dataDir: string;
const appId = 'a'.repeat(26);
const file = (path: string, text: string, mode = 0o444) => ({ path, bytes: new Uint8Array(Buffer.from(text)), mode });
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-files-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('the path holds the hash of the bytes, and another mode is another path', () => {
  const store = createFileStore(dataDir);
  const place = store.place(appId, [file('conf/a.txt', 'one'), file('run.sh', 'one', 0o555)]);
  expect(place('conf/a.txt')).toBe(join(dataDir, 'files', appId, sha256Hex(Buffer.from('one')), 'a.txt'));
  expect(place('run.sh')).not.toContain(`${sha256Hex(Buffer.from('one'))}/`);
  expect(statSync(place('run.sh')).mode & 0o777).toBe(0o555);
});

test('a folder is kept whole under the hash of all that lies in it', () => {
  const store = createFileStore(dataDir);
  const one = store.place(appId, [file('conf/a', '1'), file('conf/sub/b', '2'), file('other', '3')])('conf');
  expect(readFileSync(join(one, 'sub/b'), 'utf8')).toBe('2');
  const two = store.place(appId, [file('conf/a', '1'), file('conf/sub/b', 'changed')])('conf');
  expect(two).not.toBe(one);
  expect(store.place(appId, [file('conf/a', '1'), file('conf/sub/b', '2')])('conf')).toBe(one);
});

test('what was cut short or changed is written again', () => {
  const store = createFileStore(dataDir);
  const path = store.placeOne(appId, file('a', 'whole'));
  chmodSync(path, 0o644);
  writeFileSync(path, 'wh');
  store.placeOne(appId, file('a', 'whole'));
  expect(readFileSync(path, 'utf8')).toBe('whole');
  const other = store.placeOne(appId, file('b', 'other'));
  store.keepOnly(appId, [path]);
  expect(() => statSync(other)).toThrow();
  expect(readFileSync(path, 'utf8')).toBe('whole');
  store.remove(appId);
  expect(() => statSync(path)).toThrow();
});

test('whatever the umask, the user of a container can read and list what it is given', () => {
  const before = process.umask(0o077);
  try {
    const one = createFileStore(dataDir).place(appId, [file('conf/a', '1'), file('conf/sub/b', '2')])('conf');
    expect([one, join(one, 'sub')].map((path) => statSync(path).mode & 0o777)).toEqual([0o755, 0o755]);
    expect(statSync(join(one, 'sub/b')).mode & 0o777).toBe(0o444);
  } finally {
    process.umask(before);
  }
});

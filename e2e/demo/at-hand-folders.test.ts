import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAtHandFolders, removeAtHandFolders } from './at-hand-folders.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'at-hand-test-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test('the session’s memory folder is used, both are private, and nothing stays', () => {
  const runtime = mkdtempSync(join(base, 'run-'));
  const folders = makeAtHandFolders({ XDG_RUNTIME_DIR: runtime }, base);
  expect(folders.memory.startsWith(`${runtime}/`)).toBe(true);
  expect(folders.warning).toBeNull();
  expect([folders.disk, folders.memory].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  removeAtHandFolders(folders);
  expect([existsSync(folders.disk), existsSync(folders.memory), existsSync(runtime)]).toEqual([false, false, true]);
});

test.each([
  ['not set', {}, /XDG_RUNTIME_DIR is not set/],
  ['gone', { XDG_RUNTIME_DIR: '/nonexistent/run' }, /\/nonexistent\/run is not writable/],
])('P7: without one (%s) a warning names where the secrets lie', (_name, env, words) => {
  const folders = makeAtHandFolders(env, base);
  expect(folders.warning).toMatch(words);
  expect(folders.warning).toContain(folders.memory);
  removeAtHandFolders(folders);
});

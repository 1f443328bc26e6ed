import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fault } from '#shared/kernel/index.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import { lockFile } from './lock-file.ts';

const BUSY = fault('node.already-running', 'conflict', 'Another one runs.', 'Stop it first.');

test('one holds the lock; the other is told that it is held, and gets it afterwards', () => {
  const path = join(temporaryFolder(), 'lock.db');
  const first = lockFile(path, 10, BUSY);
  expect(lockFile(path, 10, BUSY)).toEqual({ ok: false, error: BUSY });
  if (first.ok) first.value.release();
  expect(lockFile(path, 10, BUSY).ok).toBe(true);
});

test('P5: what keeps the file from being locked is told as what it is, not as a second program', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'lock.db'));
  expect(lockFile(join(folder, 'lock.db'), 10, BUSY)).toMatchObject({ error: { code: 'disk.not-writable' } });
  expect(lockFile(join(folder, 'absent', 'lock.db'), 10, BUSY)).toMatchObject({ error: { code: 'disk.not-writable' } });
});

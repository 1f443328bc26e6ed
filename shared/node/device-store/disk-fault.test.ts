import { expect, test } from 'vitest';
import { diskFault } from './disk-fault.ts';

const thrown = (code: string) => Object.assign(new Error('what SQLite says'), { code });

test.each([
  ['SQLITE_CORRUPT', 'device.bad-replica'],
  ['SQLITE_CORRUPT_VTAB', 'device.bad-replica'],
  ['SQLITE_NOTADB', 'device.bad-replica'],
  ['SQLITE_FULL', 'disk.not-writable'],
  ['SQLITE_IOERR_FSYNC', 'disk.not-writable'],
  ['SQLITE_READONLY', 'disk.not-writable'],
  ['EROFS', 'disk.not-writable'],
])('P5: %s is told as %s, with the way out', (code, told) => {
  expect(diskFault(thrown(code))).toMatchObject({ code: told, next: expect.stringMatching(/\w/) });
});

test('what is no word of the disk is left to whoever knows it', () => {
  expect(diskFault(thrown('SQLITE_CONSTRAINT'))).toBeUndefined();
  expect(diskFault(new Error('other'))).toBeUndefined();
});

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MountTools, openMemoryFolder } from './memory-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function tools(able: string[], more: Partial<MountTools> = {}): MountTools & { tried: string[] } {
  const tried: string[] = [];
  return {
    tried,
    mount: (type, options) => {
      const kind = options.includes('noswap') ? `${type}-noswap` : type;
      tried.push(kind);
      return able.includes(kind);
    },
    mountInfo: () => '',
    hasSwap: () => true,
    fileSystemType: () => 0xef53,
    ...more,
  };
}
const mounted = (path: string, type: string, options: string) => `36 25 0:31 / ${path} rw - ${type} x rw,${options}`;

describe('P7: the memory folder', () => {
  test('is tmpfs without swap where the kernel knows it', () => {
    expect(openMemoryFolder(folder, tools(['tmpfs-noswap', 'ramfs']))).toMatchObject({
      kind: 'tmpfs-noswap',
      warning: null,
    });
  });
  test('is ramfs on older kernels', () => {
    const older = tools(['ramfs']);
    expect(openMemoryFolder(folder, older)).toMatchObject({ kind: 'ramfs', warning: null });
    expect(older.tried).toEqual(['tmpfs-noswap', 'ramfs']);
  });
  test('is what a plain user has, with a warning that is named when swap is on', () => {
    const user = { fileSystemType: () => 0x01021994 };
    expect(openMemoryFolder(folder, tools([], user)).warning).toContain('swapped');
    expect(openMemoryFolder(folder, tools([], { ...user, hasSwap: () => false })).warning).toBeNull();
    expect(openMemoryFolder(folder, tools([]))).toMatchObject({
      kind: 'plain',
      warning: expect.stringContaining('disk'),
    });
  });
  test('is mounted once, and only root may enter', () => {
    const again = tools([], { mountInfo: () => mounted(folder, 'tmpfs', 'size=1k,noswap') });
    expect(openMemoryFolder(folder, again).kind).toBe('tmpfs-noswap');
    expect(again.tried).toEqual([]);
    expect(openMemoryFolder(folder, tools([], { mountInfo: () => mounted(folder, 'ramfs', 'mode=700') })).kind).toBe(
      'ramfs',
    );
    openMemoryFolder(folder, tools(['ramfs']));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

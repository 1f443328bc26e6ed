import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { launcherFor } from './launcher.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('gives the pinned ELF binary for both architectures, by any of their names', () => {
  for (const [arch, machine] of [
    ['amd64', 0x3e],
    ['x86_64', 0x3e],
    ['arm64', 0xb7],
    ['aarch64', 0xb7],
  ] as const) {
    const { bytes, sha256 } = unwrap(launcherFor(arch));
    expect([...bytes.subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
    expect(bytes[18]).toBe(machine);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

test('refuses another architecture by name', () => {
  expect(launcherFor('armv7l')).toMatchObject({ ok: false, error: { code: 'launcher.unsupported-arch' } });
});

test('looks beside the bundled program first, and says so when nothing is there', () => {
  expect(launcherFor('amd64', [folder])).toMatchObject({ ok: false, error: { code: 'launcher.missing' } });
});

test('refuses bytes that are not the pinned ones', () => {
  writeFileSync(join(folder, 'launcher.json'), JSON.stringify({ sha256: { amd64: '0'.repeat(64) } }));
  writeFileSync(join(folder, 'launcher-amd64.gz'), gzipSync('something else'));
  expect(launcherFor('amd64', [folder])).toMatchObject({ ok: false, error: { code: 'launcher.altered' } });
});

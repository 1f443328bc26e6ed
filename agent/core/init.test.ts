import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { certificateNames } from '#shared/node/tls-identity.ts';
import { readCoreFolder } from './core-folder.ts';
import { initCore } from './init.ts';

const at = (...hosts: string[]) => hosts.map((host) => ({ host, httpPort: 7443, linkPort: 7444 }));
let outer: string;
const init = async (...hosts: string[]) =>
  unwrap(await initCore({ folder: join(outer, 'core'), addresses: at(...hosts), newSetupCode: false }));
const certificate = async () => unwrap(await readCoreFolder(join(outer, 'core')))?.tlsCert ?? '';

beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'ov-init-'));
});
afterEach(() => rmSync(outer, { recursive: true }));

describe('the certificate of a core', () => {
  it('names every address that was given, and later ones too, with the same key', async () => {
    const first = await init('core.lan', '192.0.2.1');
    const before = await certificate();
    expect([certificateNames(before, 'core.lan'), certificateNames(before, '192.0.2.1')]).toEqual([true, true]);
    const again = await init('192.0.2.1', 'core.example.com');
    const after = await certificate();
    expect([certificateNames(after, '192.0.2.1'), certificateNames(after, 'core.example.com')]).toEqual([true, true]);
    expect(again).toMatchObject({ spki: first.spki, found: 'unclaimed' });
  });

  it('stays as it is when it names all of them, so that browsers need not ask again', async () => {
    await init('core.lan', '192.0.2.1');
    const before = await certificate();
    await init('core.lan');
    await init();
    expect(await certificate()).toBe(before);
  });
});

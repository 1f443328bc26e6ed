import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeImage } from './oci.ts';
import { addToRegistry } from './registry-storage.ts';

it('CACHE-8: the same content is the same image, whenever it was written, and the registry finds it by its name', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lab-oci-'));
  try {
    const layer = join(home, 'layer');
    mkdirSync(join(layer, 'bin'), { recursive: true });
    writeFileSync(join(layer, 'bin/x'), 'x', { mode: 0o755 });
    const write = (into: string) => writeImage('test', join(home, into), ['library/x:1'], [layer], { Cmd: ['/bin/x'] });
    const first = await write('a');
    utimesSync(join(layer, 'bin/x'), 1, 1);
    const second = await write('b');
    expect(second.manifest.digest).toBe(first.manifest.digest);

    addToRegistry(join(home, 'data'), join(home, 'a'));
    addToRegistry(join(home, 'data'), join(home, 'b'));
    const v2 = join(home, 'data/docker/registry/v2');
    const current = readFileSync(join(v2, 'repositories/library/x/_manifests/tags/1/current/link'), 'utf8');
    expect(current).toBe(first.manifest.digest);
    const hex = current.slice('sha256:'.length);
    const manifest = JSON.parse(
      readFileSync(join(v2, `blobs/sha256/${hex.slice(0, 2)}/${hex}/data`), 'utf8'),
    ) as object;
    expect(manifest).toMatchObject({ schemaVersion: 2, layers: [{ size: expect.any(Number) }] });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

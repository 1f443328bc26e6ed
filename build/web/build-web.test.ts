import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Manifest } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWeb } from './build-web.ts';
import { filesBelow } from './files-below.ts';

describe('the built screens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ov-build-web-'));
  let manifest: Manifest;
  const read = (file: string) => readFileSync(join(folder, file));
  const scripts = () => filesBelow(folder).filter((file) => file.endsWith('.js'));

  beforeAll(async () => {
    manifest = await buildWeb(folder, { quick: true });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('fit a policy without inline scripts, eval and other hosts', () => {
    const page = read('index.html').toString();
    expect(page).not.toMatch(/<script(?![^>]* src="\/assets\/)|<style|\son\w+=|javascript:|https?:/);
    for (const file of scripts()) expect(read(file).toString(), file).not.toMatch(/\bnew Function\(|\beval\(/);
  });

  it('carry a hash in every name but those that are asked for anew', () => {
    const plain = filesBelow(folder).filter((file) => !/^assets\/[\w.-]+-[\w-]{8}\.\w+(\.br|\.gz)?$/.test(file));
    expect(plain.filter((file) => !/\.(br|gz)$/.test(file))).toEqual(['index.html', 'service-worker.js']);
  });

  it('are those of production, also where tests build them', () => {
    const entry = read(manifest['index.html']?.file ?? '').toString();
    expect(entry).not.toContain('jsxDEV');
    expect(entry).not.toMatch(/Warning: Each child in a list|checkPropTypes/);
  });

  it('have twins that open to the same bytes', () => {
    const twins = filesBelow(folder).filter((file) => file.endsWith('.br'));
    expect(twins.length).toBeGreaterThanOrEqual(3);
    for (const twin of twins) {
      const file = twin.slice(0, -3);
      expect(brotliDecompressSync(read(twin)).equals(read(file)), file).toBe(true);
      expect(gunzipSync(read(`${file}.gz`)).equals(read(file)), file).toBe(true);
    }
  });

  it('are listed whole in the service worker, itself and the twins left out', () => {
    const worker = read('service-worker.js').toString();
    const files = /files:(\[[^\]]+\])/.exec(worker)?.[1] ?? '[]';
    const expected = filesBelow(folder).filter((file) => !/\.(br|gz)$|^service-worker/.test(file));
    expect(JSON.parse(files)).toEqual(expected.map((file) => `/${file}`));
    expect(worker).toContain(`entry:"/${manifest['index.html']?.file}"`);
  });

  it('tell nothing of the source tree', () => {
    expect(existsSync(join(folder, '.vite'))).toBe(false);
    for (const file of scripts()) expect(read(file).toString(), file).not.toMatch(/sourceMappingURL|renderer\/\w+\//);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listFirstLoad } from './first-load.ts';

let folder: string;
const put = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const names = (sources: string[] = [], manifest = {}) =>
  listFirstLoad(folder, manifest, sources)
    .map(({ file }) => file)
    .sort();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ov-first-'));
  put(
    'index.html',
    '<script type="module" crossorigin src="/assets/index-1.js"></script><link rel="stylesheet" href="/assets/index-1.css">',
  );
  put('assets/index-1.css', 'a{}');
  put(
    'assets/index-1.js',
    'import{a}from"./shared-1.js";export*from"./more-1.js";new SharedWorker(new URL("/assets/host-worker-1.js",import.meta.url));import("./editor-1.js");a();',
  );
  put('assets/shared-1.js', 'export const a=()=>{}');
  put('assets/more-1.js', 'import"./shared-1.js"');
  put('assets/host-worker-1.js', 'import"./yjs-1.js"');
  put('assets/yjs-1.js', 'export{}');
  put('assets/editor-1.js', 'export{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

const first = ['host-worker-1.js', 'index-1.css', 'index-1.js', 'more-1.js', 'shared-1.js', 'yjs-1.js'];

it('follows what is imported at once, the worker too, and not what comes later', () => {
  expect(names()).toEqual([...first.map((name) => `assets/${name}`), 'index.html']);
  expect(listFirstLoad(folder, {}, []).every(({ gzippedBytes }) => gzippedBytes > 0)).toBe(true);
});

it('counts a screen that is loaded lazily but shown first, with its styles', () => {
  put('assets/overview-1.js', 'export{}');
  put('assets/overview-1.css', 'b{}');
  const manifest = { 'app/Overview.tsx': { file: 'assets/overview-1.js', css: ['assets/overview-1.css'] } };
  expect(names(['app/Overview.tsx'], manifest)).toEqual(
    expect.arrayContaining(['assets/overview-1.css', 'assets/overview-1.js']),
  );
  expect(() => names(['app/Gone.tsx'], manifest)).toThrow('app/Gone.tsx');
});

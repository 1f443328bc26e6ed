import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codes } from './codes.ts';
import { kindsOf, meaningOf, statusOfFault } from './registry.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const KINDS = ['transient', 'denied', 'conflict', 'permanent'];
/** A code as the first argument of a maker of faults, with its kind when that is the next argument. */
const MADE = /\b\w*(?:fault|refuse|refusal|problem)\w*\(\s*'([a-z][a-z0-9-]*\.[a-z0-9-]+)'(?:,\s*'(\w+)')?/gi;

interface Use {
  code: string;
  kind: string | undefined;
  file: string;
}

function usesIn(folder: string): Use[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\.test\.ts$|-suite\.ts$|\/testing\/|node_modules/.test(file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(MADE)].map(([, code = '', kind]) => ({
        code,
        kind,
        file: file.slice(ROOT.length + 1),
      })),
    );
}

const FOLDERS = ['shared', 'agent', 'main', 'preload', 'renderer'];
const uses = FOLDERS.flatMap(usesIn);

describe('error registry', () => {
  test('every fault in the tree has a registered code', () => {
    const missing = uses
      .filter(({ code }) => meaningOf(code) === undefined)
      .map(({ code, file }) => `${code} (${file})`);
    expect([...new Set(missing)]).toEqual([]);
  });

  test('every fault in the tree has a kind that its code may have', () => {
    const wrong = uses.filter(({ code, kind }) => {
      const meaning = meaningOf(code);
      return (
        meaning !== undefined && kind !== undefined && KINDS.includes(kind) && !kindsOf(meaning).includes(kind as never)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('every code of the registry is used somewhere', () => {
    const used = new Set(uses.map(({ code }) => code));
    const text = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
      .filter(
        (entry) =>
          entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'codes.ts' && entry.name !== 'registry.ts',
      )
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    expect(Object.keys(codes).filter((code) => !used.has(code) && !text.includes(`'${code}'`))).toEqual([]);
  });

  test('codes stand in order, each with a sentence and an HTTP status of its own class', () => {
    const names = Object.keys(codes);
    expect(names).toEqual([...names].sort());
    for (const [code, meaning] of Object.entries(codes)) {
      expect(meaning.text).toMatch(/^[A-Z].*\.$/);
      for (const kind of kindsOf(meaning)) expect(statusOfFault({ code, kind })).toBeGreaterThanOrEqual(400);
    }
  });
});

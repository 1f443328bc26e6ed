import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceBlock } from './block.ts';
import { promiseBlock } from './promises.ts';
import { testTitles } from './test-titles.ts';

const titles = [
  { file: 'b.test.ts', title: 'releases › P1: refuses a foreign signer' },
  { file: 'a.test.ts', title: 'P4, P1: leaves `wiki` alone' },
  { file: 'a.test.ts', title: 'P10: something else' },
];

describe('the list of tests of a promise', () => {
  it('takes a test by the id its title or block begins with, sorted by file', () => {
    expect(promiseBlock('P1', titles)).toBe(
      '- `a.test.ts`\n  - P4, P1: leaves \\`wiki\\` alone\n- `b.test.ts`\n  - releases › P1: refuses a foreign signer',
    );
  });

  it('takes a test by a rule that carries the promise, and by an id behind another', () => {
    const more = [
      { file: 'c.test.ts', title: 'AUD-3: what is wrong › a missing entry' },
      { file: 'c.test.ts', title: 'LOG-18 P4: stays' },
      { file: 'c.test.ts', title: 'it names P8 in passing' },
    ];
    expect(promiseBlock('P8', more)).toBe('- `c.test.ts`\n  - AUD-3: what is wrong › a missing entry');
    expect(promiseBlock('P4', more)).toBe('- `c.test.ts`\n  - LOG-18 P4: stays');
  });

  it('says so when no test holds it', () => {
    expect(promiseBlock('P9', titles)).toContain('No test');
  });

  it('reads titles with their blocks, also behind skipIf and each', () => {
    const folder = mkdtempSync(join(tmpdir(), 'titles-'));
    const file = join(folder, 'x.test.ts');
    writeFileSync(
      file,
      "describe('a', () => { it('b', f); it.skipIf(x)('c', f); test.each([1])('d %s', f); }); it(name, f);",
    );
    const found = testTitles(file).map((one) => one.title);
    rmSync(folder, { recursive: true });
    expect(found).toEqual(['a › b', 'a › c', 'a › d %s']);
  });

  it('fills only the block of its name', () => {
    const page = '<!-- generated:P1 -->\nold\n<!-- /generated -->\n<!-- generated:P2 -->\n<!-- /generated -->';
    expect(replaceBlock(page, 'P2', 'new')).toBe(
      '<!-- generated:P1 -->\nold\n<!-- /generated -->\n<!-- generated:P2 -->\nnew\n<!-- /generated -->',
    );
    expect(() => replaceBlock(page, 'P3', 'x')).toThrow('generated:P3');
  });
});

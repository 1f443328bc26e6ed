import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { searchDisks } from './search-disks.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-search-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = 'canary-0f3b9c77d1';

it('P7: finds a planted secret in plain text, inside base64 at any alignment, and across read blocks', async () => {
  writeFileSync(join(folder, 'plain'), `a ${SECRET} b`);
  for (const shift of [0, 1, 2])
    writeFileSync(join(folder, `base64-${shift}`), Buffer.from(`${'x'.repeat(shift)}${SECRET}tail`).toString('base64'));
  writeFileSync(join(folder, 'border'), Buffer.concat([Buffer.alloc((1 << 20) - 5), Buffer.from(SECRET)]));
  writeFileSync(join(folder, 'clean'), 'canary-of-another-kind');
  const { findings, files } = await searchDisks([folder], { canary: SECRET });
  expect(files).toBe(6);
  expect([...new Set(findings.map(({ path }) => path.slice(folder.length + 1)))].sort()).toEqual([
    'base64-0',
    'base64-1',
    'base64-2',
    'border',
    'plain',
  ]);
});

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { longFiles, longFirst } from './long-first.ts';

test('long files come first in their order, all others as they were', () => {
  const files = ['/r/e2e/b.test.ts', `/r/${longFiles[1]}`, '/r/e2e/a.test.ts', `/r/${longFiles[0]}`];
  expect(longFirst(files, (file) => file)).toEqual([files[3], files[1], files[0], files[2]]);
});

test('the list names files that are there', () => {
  expect(longFiles.filter((file) => !existsSync(file))).toEqual([]);
});

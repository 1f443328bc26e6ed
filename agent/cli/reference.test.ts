import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cliReference } from './reference.ts';

test('docs/cli.md says what the table of verbs says', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(cliReference());
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const RULE = /\b(?:ENV|LOG|ENR|REL|CMD|SEC|STR|SES|AUD|REC|TOK|PRO|HOLD)-\d+/g;
const here = import.meta.dirname;
/** Where the tests of rules lie: those about the core's part, or a device's, stand beside that. */
const testFolders = [here, join(here, '../device'), join(here, '../../agent/core'), join(here, '../../agent/node')];
const rules = [...readFileSync(join(here, 'SPEC.md'), 'utf8').matchAll(/^- \*\*([A-Z]{3,4}-\d+)\*\*/gm)].map(
  ([, rule = '']) => rule,
);

/** Rule ids in the titles of all tests. */
function quotedRules(): Set<string> {
  const quoted = new Set<string>();
  const files = testFolders.flatMap((cwd) => globSync('**/*.test.ts', { cwd }).map((file) => join(cwd, file)));
  for (const file of files) {
    const titles = readFileSync(file, 'utf8').matchAll(
      /\b(?:it|test|describe)(?:\.each(?:<[^>]*>)?\([\s\S]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g,
    );
    for (const [, , title = ''] of titles) for (const [rule] of title.matchAll(RULE)) quoted.add(rule);
  }
  return quoted;
}

it('every rule of SPEC.md stands in the title of a test', () => {
  expect(rules.length).toBeGreaterThan(50);
  const quoted = quotedRules();
  expect(rules.filter((rule) => !quoted.has(rule))).toEqual([]);
});

it('every rule that a title or a comment names stands in SPEC.md, once', () => {
  expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
  const named = new Set(quotedRules());
  for (const file of globSync('**/*.ts', { cwd: here }))
    for (const [rule] of readFileSync(join(here, file), 'utf8').matchAll(RULE)) named.add(rule);
  expect([...named].filter((rule) => !rules.includes(rule))).toEqual([]);
});

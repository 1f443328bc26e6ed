import type { TestTitle } from '../docs/test-titles.ts';

interface Page {
  readonly path: string;
  readonly text: string;
}

const RULE_LINE = /^- \*\*([A-Z]{2,5}-\d+)\*\*/gm;
const RULE = /\b[A-Z]{2,5}-\d+\b/g;
const CLAIM_LINE = /^- \*\*([a-z]+\d+)\*\* `([^`]+)`: (.+)$/gm;
const CLAIM_USE = /\[([a-z]+\d+(?:, [a-z]+\d+)*)\](?!\()/g;

/** Rules without a test, rules that stand twice, and titles that name a rule of a known family which is not there. */
export function ruleProblems(pages: readonly Page[], titles: readonly TestTitle[]): string[] {
  const rules = pages.flatMap(({ path, text }) => [...text.matchAll(RULE_LINE)].map(([, id = '']) => ({ id, path })));
  const ids = new Set(rules.map(({ id }) => id));
  const families = new Set([...ids].map(familyOf));
  const quoted = new Map<string, TestTitle>();
  for (const one of titles) for (const [id] of one.title.matchAll(RULE)) quoted.set(id, quoted.get(id) ?? one);
  return [
    ...rules.filter(({ id }) => !quoted.has(id)).map(({ id, path }) => `${path}: ${id} stands in no title of a test`),
    ...rules
      .filter(({ id }, at) => rules.findIndex((other) => other.id === id) !== at)
      .map(({ id, path }) => `${path}: ${id} stands there, or on another page, already`),
    ...[...quoted]
      .filter(([id]) => families.has(familyOf(id)) && !ids.has(id))
      .map(([id, { file }]) => `${file}: a title names ${id}, which is no rule`),
  ];
}

/** Tests that the threat model names and that are not there, marks without a test, and tests without a mark. */
export function claimProblems(text: string, titles: readonly TestTitle[], exists: (path: string) => boolean): string[] {
  const claims = [...text.matchAll(CLAIM_LINE)].map(([, mark = '', file = '', title = '']) => ({ mark, file, title }));
  const marks = new Set(claims.map(({ mark }) => mark));
  const cells = text.split('\n').filter((line) => line.startsWith('|'));
  const used = new Set(
    cells.flatMap((line) => [...line.matchAll(CLAIM_USE)].flatMap(([, list = '']) => list.split(', '))),
  );
  const isThere = (file: string, title: string) =>
    titles.some((one) => one.file === file && (one.title === title || one.title.endsWith(` › ${title}`)));
  return [
    ...claims
      .filter(({ file, title }) => !isThere(file, title))
      .map(
        ({ mark, file, title }) =>
          `threat model: ${mark} names ${exists(file) ? `"${title}", which is no test of` : 'no file'} ${file}`,
      ),
    ...[...used].filter((mark) => !marks.has(mark)).map((mark) => `threat model: [${mark}] has no test`),
    ...[...marks].filter((mark) => !used.has(mark)).map((mark) => `threat model: ${mark} stands in no cell`),
  ];
}

const familyOf = (id: string): string => id.replace(/-\d+$/, '');

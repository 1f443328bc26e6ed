import type { TestTitle } from './test-titles.ts';

/** Families of rules (shared/trust/SPEC.md) that carry a promise: their tests are tests of the promise. */
const families: Readonly<Record<string, readonly string[]>> = {
  P1: ['ENV', 'LOG', 'ENR', 'REL', 'CMD', 'STR', 'SES', 'HOLD', 'TOK', 'PRO', 'REC'],
  P7: ['SEC'],
  P8: ['AUD'],
};

/**
 * A Markdown list of the tests whose title, or the title of a block around it, begins with the promise's id or with a rule
 * that carries it; other ids may stand before it, as in `LOG-18 P1: …`.
 */
export function promiseBlock(promise: string, titles: readonly TestTitle[]): string {
  const own = [promise, ...(families[promise] ?? []).map((family) => `${family}-\\d+`)].join('|');
  const begins = new RegExp(`(^|› )(?:[A-Z]+\\d*(?:-\\d+)?(?:, ?| ?/ ?| ))*(?:${own})(?=[:,/ ])`);
  const byFile = Map.groupBy(
    titles.filter((one) => begins.test(one.title)),
    (one) => one.file,
  );
  if (byFile.size === 0) return '*No test holds this yet.*';
  return [...byFile]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, tests]) => [`- \`${file}\``, ...tests.map((one) => `  - ${escapeMarkdown(one.title)}`)].join('\n'))
    .join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&').replaceAll('\n', ' ');
}

import type { TestTitle } from './test-titles.ts';

/** A Markdown list of the tests whose title, or the title of a block around it, begins with the promise's id. */
export function promiseBlock(promise: string, titles: readonly TestTitle[]): string {
  const begins = new RegExp(`(^|› |, |/ ?)${promise}(?=[:,/ ])`);
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

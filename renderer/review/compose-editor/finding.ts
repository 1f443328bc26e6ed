import type { CallOutput } from '#shared/contracts/ipc/index.ts';

/** One place of a Compose file that can not stay as it is. */
export type ComposeFinding = CallOutput<'judgeCompose'>['findings'][number];

/** What a finding marks in a text: from its place to the end of the word there, at least one character. */
export function rangeOf(text: string, finding: Pick<ComposeFinding, 'line' | 'column'>): { from: number; to: number } {
  const lines = text.split('\n');
  const line = Math.min(Math.max(finding.line ?? 1, 1), lines.length);
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const content = lines[line - 1] as string;
  const indent = /^\s*/.exec(content)?.[0].length ?? 0;
  const at = finding.line === null || finding.column === null ? indent : Math.min(finding.column - 1, content.length);
  // From the key to the end of what it says: a single letter is hard to see and harder to hit.
  const end = content.slice(at).trimEnd().length + at;
  if (end > at) return { from: start + at, to: start + end };
  return { from: start + Math.min(indent, content.length), to: start + content.length };
}

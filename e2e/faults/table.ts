import { type Ran, verdictOf } from './run-rows.ts';

/** The table that closes the run: one line a row, one of sums. */
export function tableOf(ran: readonly Ran[]): string {
  const lines = ran.map((row) => [
    row.id,
    row.title,
    String(row.found?.points ?? '-'),
    row.found ? (row.found.swept ?? 'all') : '-',
    String(row.found?.acknowledged ?? '-'),
    String(row.found?.lost ?? '-'),
    `${Math.round(row.tookMs / 1_000)} s`,
    verdictOf(row).length === 0 ? 'held' : 'NOT HELD',
    [row.found?.figures, row.control ? `control: ${row.control.what}` : ''].filter(Boolean).join('; '),
  ]);
  const sum = (of: 'points' | 'acknowledged' | 'lost') => ran.reduce((total, row) => total + (row.found?.[of] ?? 0), 0);
  const took = Math.round(ran.reduce((total, row) => total + row.tookMs, 0) / 1_000);
  const sums = [
    '',
    'together',
    String(sum('points')),
    '',
    String(sum('acknowledged')),
    String(sum('lost')),
    `${took} s`,
    '',
    '',
  ];
  const head = ['id', 'fault', 'points', 'swept', 'acknowledged', 'lost', 'time', 'verdict', 'figures'];
  const all = [head, ...lines, sums];
  const widths = head.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What a column sorts by; null comes last in both directions. */
export type SortKey = string | number | boolean | null;

export interface Sort {
  readonly column: string;
  readonly down: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  return Number(a) - Number(b);
}

/** Rows in the order of a key; equal ones keep theirs. */
export function sortRows<T>(rows: readonly T[], keyOf: (row: T) => SortKey, down: boolean): T[] {
  const keyed = rows.map((row) => [keyOf(row), row] as const);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return down ? compare(b, a) : compare(a, b);
  });
  return keyed.map(([, row]) => row);
}

import type { AppRow, AppStatus } from '#shared/contracts/ipc/index.ts';

/** What the list of apps is narrowed to; empty means all. */
export interface AppFilter {
  readonly text: string;
  readonly nodeId: string | null;
  readonly status: AppStatus | 'pending' | 'attention' | null;
}

/** What needs a person first. */
const URGENCY: readonly AppStatus[] = [
  'away',
  'degraded',
  'unknown',
  'applying',
  'draft',
  'running',
  'stopped',
  'removed',
];

/** Whether a person should look: it does not serve as it should, or two decisions stand against each other. */
export function needsAttention(row: AppRow): boolean {
  return row.status === 'away' || row.status === 'degraded' || row.clashes.length > 0 || row.voidSigner !== null;
}

/** Whether something of it is not signed and running yet. */
export function isPending(row: AppRow): boolean {
  return row.edited || row.oldSecrets.length > 0 || row.waiting || row.clashes.length > 0;
}

/** Apps that fit the filter. Every word of the text must stand in name, node, address, source or status. */
export function filterApps(rows: readonly AppRow[], filter: AppFilter): AppRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (row.kind !== 'app') return false;
    if (filter.nodeId !== null && row.node?.nodeId !== filter.nodeId) return false;
    if (filter.status === 'pending' && !isPending(row)) return false;
    if (filter.status === 'attention' && !needsAttention(row)) return false;
    if (
      filter.status !== null &&
      filter.status !== 'pending' &&
      filter.status !== 'attention' &&
      row.status !== filter.status
    )
      return false;
    // A removed app is history: it is listed only when asked for.
    if (filter.status === null && row.status === 'removed' && words.length === 0) return false;
    if (words.length === 0) return true;
    const text = [
      row.name,
      row.node?.name,
      row.status,
      row.source.kind === 'catalog' ? row.source.id : 'compose',
      ...row.urls,
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Where a status stands in a sorted list. */
export function urgencyOf(status: AppStatus): number {
  return URGENCY.indexOf(status);
}

/** How many apps stand in each filter that a person can choose, removed ones apart. */
export function countApps(rows: readonly AppRow[]): { all: number; attention: number; pending: number } {
  const listed = rows.filter((row) => row.kind === 'app' && row.status !== 'removed');
  return {
    all: listed.length,
    attention: listed.filter(needsAttention).length,
    pending: listed.filter(isPending).length,
  };
}

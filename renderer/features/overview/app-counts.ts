import type { AppRow, AppStatus } from '#shared/contracts/ipc/index.ts';

export type AppCount = 'running' | 'working' | 'trouble' | 'stopped' | 'unknown' | 'draft';

const countOf: Record<AppStatus, AppCount | null> = {
  running: 'running',
  applying: 'working',
  degraded: 'trouble',
  away: 'trouble',
  stopped: 'stopped',
  unknown: 'unknown',
  draft: 'draft',
  removed: null,
};

/** How many of a person's own apps stand how. Ingress and connectors belong to their servers. */
export function countApps(rows: readonly AppRow[]): { total: number; counts: Record<AppCount, number> } {
  const counts: Record<AppCount, number> = { running: 0, working: 0, trouble: 0, stopped: 0, unknown: 0, draft: 0 };
  let total = 0;
  for (const { kind, status } of rows) {
    const key = kind === 'app' ? countOf[status] : null;
    if (key === null) continue;
    counts[key]++;
    total++;
  }
  return { total, counts };
}

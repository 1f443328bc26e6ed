import type { AppRow } from '#shared/contracts/ipc/index.ts';

export type AppAction = 'deploy' | 'start' | 'stop' | 'restart' | 'rollback' | 'logs' | 'remove' | 'discard';

/** What can be done with an app as it stands. Orders to an app at work are refused by its node, so they are not offered. */
export function actionsOf(row: AppRow): readonly AppAction[] {
  if (row.number === 0) return row.waiting ? [] : ['deploy', 'discard'];
  if (row.wanted === 'removed') return row.edited ? ['deploy'] : [];
  const isBusy = row.job !== null || row.waiting;
  const actions: AppAction[] = [];
  if (row.edited) actions.push('deploy');
  if (!isBusy && row.wanted === 'stopped') actions.push('start');
  if (!isBusy && row.wanted === 'running') actions.push('stop', 'restart');
  if (!isBusy && row.number > 1) actions.push('rollback');
  if (row.wanted === 'running') actions.push('logs');
  if (!isBusy) actions.push('remove');
  return actions;
}

/** What can be done with every one of several apps; each of them is planned on its own. */
export function actionsOfAll(rows: readonly AppRow[]): readonly AppAction[] {
  const [first, ...rest] = rows;
  if (first === undefined) return [];
  const alone: readonly AppAction[] = ['logs', 'discard'];
  return actionsOf(first).filter(
    (action) => (rest.length === 0 || !alone.includes(action)) && rest.every((row) => actionsOf(row).includes(action)),
  );
}

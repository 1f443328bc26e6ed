import { useMemo } from 'react';
import { useRowsSelect, useValue } from '#renderer/bridge/index.ts';

/** How many things wait behind entries of the navigation, by path. */
export function useNavCounts(): ReadonlyMap<string, number> {
  const { value: pending } = useValue('pending', {});
  const working = useRowsSelect(
    'jobs',
    {},
    (jobs) => jobs.filter(({ state }) => state === 'queued' || state === 'running').length,
  );
  const requests = useRowsSelect('deviceRequests', {}, (rows) => rows.length);
  const waiting = pending
    ? pending.plans.length + pending.stuck.length + pending.intents.length + pending.refused.length
    : 0;
  return useMemo(
    () =>
      new Map([
        ['/plan', waiting],
        ['/jobs', working],
        ['/devices', requests],
      ]),
    [waiting, working, requests],
  );
}

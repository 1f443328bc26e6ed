import { describe, expect, it } from 'vitest';
import type { JobRow } from '#shared/contracts/ipc/index.ts';
import { countJobs, filterJobs, filterOf, jobActions } from './filter-jobs.ts';

const job = (id: string, more: Partial<JobRow>): JobRow => ({
  id,
  changeSet: 'c',
  appId: 'a',
  appName: 'feeds',
  node: 'n1',
  header: 'h',
  number: 1,
  verb: 'deploy',
  state: 'done',
  outcome: 'succeeded',
  awayMs: null,
  fault: null,
  createdAt: '2026-11-25T10:00:00.000Z',
  startedAt: null,
  endedAt: null,
  ...more,
});

const transient = { code: 'core.unreachable', kind: 'transient', message: 'm', next: 'n' } as const;
const permanent = { ...transient, kind: 'permanent' } as const;

describe('the filter of a job', () => {
  it.each([
    ['queued', null, 'queued'],
    ['running', null, 'running'],
    ['running', 'succeeded', 'running'],
    ['failed', 'rolled-back', 'failed'],
    ['done', 'succeeded', 'done'],
    ['done', 'superseded', 'done'],
    ['done', 'rolled-back', 'failed'],
    ['cancelled', null, 'done'],
  ] as const)('%s with outcome %s: %s', (state, outcome, filter) => {
    expect(filterOf({ state, outcome })).toBe(filter);
  });
});

describe('jobs in the list', () => {
  const jobs = [
    job('a', { createdAt: '2026-11-25T10:00:00.000Z' }),
    job('b', { createdAt: '2026-11-25T12:00:00.000Z', state: 'failed', outcome: 'failed', appName: 'wiki' }),
    job('c', { createdAt: '2026-11-25T11:00:00.000Z', state: 'queued', outcome: null, node: 'n2', number: 12 }),
  ];
  const names = (id: string) => ({ n1: 'cellar', n2: 'attic' })[id] ?? id;
  const ids = (filter: Parameters<typeof filterJobs>[1], text = '') =>
    filterJobs(jobs, filter, text, names).map((one) => one.id);

  it('come newest first', () => {
    expect(ids('all')).toEqual(['b', 'c', 'a']);
  });

  it('go by state and by every word', () => {
    expect(ids('failed')).toEqual(['b']);
    expect(ids('all', 'ATTIC deploy')).toEqual(['c']);
    expect(ids('all', '#12')).toEqual(['c']);
    expect(ids('done', 'attic')).toEqual([]);
  });

  it('are counted', () => {
    expect(countJobs(jobs)).toEqual({ all: 3, running: 0, queued: 1, failed: 1, done: 1 });
  });
});

describe('what may be done with a job', () => {
  it('is to cancel only what waits', () => {
    expect(jobActions({ state: 'queued', outcome: null, fault: null })).toEqual({ retry: false, cancel: true });
    expect(jobActions({ state: 'running', outcome: null, fault: null })).toEqual({ retry: false, cancel: false });
  });

  it('is to send again only what no node has judged and may go well later', () => {
    expect(jobActions({ state: 'failed', outcome: null, fault: transient }).retry).toBe(true);
    expect(jobActions({ state: 'failed', outcome: 'refused', fault: transient }).retry).toBe(true);
    expect(jobActions({ state: 'failed', outcome: 'refused', fault: permanent }).retry).toBe(false);
    expect(jobActions({ state: 'failed', outcome: 'rolled-back', fault: transient }).retry).toBe(false);
    expect(jobActions({ state: 'cancelled', outcome: null, fault: transient }).retry).toBe(false);
  });
});

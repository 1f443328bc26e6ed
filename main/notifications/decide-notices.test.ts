import { expect, it } from 'vitest';
import { decideNotices } from './decide-notices.ts';

type Look = Parameters<typeof decideNotices>[0];
type Job = Look['jobs'] extends ReadonlyMap<string, infer J> ? J : never;

const job = (state: Job['state'], outcome: Job['outcome'] = null): Job => ({
  id: 'j',
  state,
  outcome,
  verb: 'deploy',
  appName: 'wiki',
});
const look = (jobs: readonly Job[], status?: 'online' | 'offline' | 'unknown'): Look => ({
  jobs: new Map(jobs.map((one) => [one.id, one])),
  nodes: new Map(status ? [['n', { id: 'n', name: 'nas', status }]] : []),
});

it.each([
  [look([job('running')]), look([job('failed')]), ['wiki: deploy failed']],
  [look([job('queued')]), look([job('failed', 'refused')]), ['wiki: deploy failed']],
  [look([job('running')]), look([job('done', 'rolled-back')]), ['wiki: deploy went back to the last good release']],
  [look([job('running')]), look([job('done', 'succeeded')]), []],
  [look([job('running')]), look([job('cancelled')]), []],
  [look([job('failed')]), look([job('failed')]), []],
  [look([]), look([job('failed')]), []],
  [look([], 'online'), look([], 'offline'), ['nas is offline']],
  [look([], 'unknown'), look([], 'offline'), []],
  [look([], 'offline'), look([], 'offline'), []],
  [look([]), look([], 'offline'), []],
  [look([], 'online'), look([], 'unknown'), []],
])('case %#', (before, after, titles) => {
  expect(decideNotices(before, after).map((one) => one.title)).toEqual(titles);
});

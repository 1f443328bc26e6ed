import { expect, it } from 'vitest';
import { app } from '../../dev/fixtures/apps.ts';
import { job } from '../../dev/fixtures/jobs.ts';
import { node } from '../../dev/fixtures/nodes.ts';
import { endedJobs } from './ended-jobs.ts';

const row = app('miniflux', node('nuc'));
const running = job(row, 1, { state: 'running', outcome: null, endedAt: null });
const done = { ...running, state: 'done' as const, outcome: 'succeeded' as const, endedAt: '2026-01-01T00:00:00.000Z' };
const opened = '2025-12-31T00:00:00.000Z';
const old = job(row, 90);
const map = (...jobs: (typeof old)[]) => new Map(jobs.map((one) => [one.id, one]));

it('the first look tells of nothing: it all ended before', () => {
  expect(endedJobs(null, map(old, done), opened)).toEqual([]);
});

it('tells a job once, when it ends', () => {
  expect(endedJobs(map(old, running), map(old, done), opened)).toEqual([done]);
  expect(endedJobs(map(old, done), map(old, done), opened)).toEqual([]);
});

it('tells one that began and ended between two looks', () => {
  expect(endedJobs(map(old), map(old, done), opened)).toEqual([done]);
});

it('tells of nothing that ended before the page was opened, though the device hears of it only now', () => {
  expect(endedJobs(map(running), map(done), '2026-01-02T00:00:00.000Z')).toEqual([]);
});

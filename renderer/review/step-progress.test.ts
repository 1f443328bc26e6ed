import { expect, it } from 'vitest';
import type { JobStep } from '#shared/contracts/rest/jobs.ts';
import { jobSteps } from './step-progress.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const step = (name: JobStep['name'], state: JobStep['state'], second: number): JobStep => ({
  name,
  state,
  at: at(second),
  text: `${name} ${state}`,
});

it('an order was sent once the node has a word on it', () => {
  const sent = [step('queue', 'done', 0), step('send', 'started', 1)];
  expect(jobSteps({ steps: sent, endedAt: null }).at(-1)).toMatchObject({ name: 'send', state: 'running' });
  const heard = jobSteps({ steps: [...sent, step('verify', 'done', 3)], endedAt: null });
  expect(heard[1]).toMatchObject({ name: 'send', state: 'done', startedAt: at(1), endedAt: at(3) });
});

it('a job that is over has nothing at work, and no clock goes on', () => {
  const left = jobSteps({ steps: [step('pull', 'started', 1)], endedAt: at(9) });
  expect(left).toMatchObject([{ name: 'pull', state: 'skipped', endedAt: at(9) }]);
});

it('start, progress and end of one step are one line', () => {
  const steps = [step('pull', 'started', 1), step('pull', 'progress', 2), step('pull', 'done', 4)];
  expect(jobSteps({ steps, endedAt: null })).toMatchObject([
    { name: 'pull', state: 'done', startedAt: at(1), endedAt: at(4) },
  ]);
});

it('a digest is cut to its beginning', () => {
  const steps = [{ ...step('pull', 'done', 1), text: `web: sha256:${'0123456789ab'.padEnd(64, 'c')}, db: postgres` }];
  expect(jobSteps({ steps, endedAt: null })).toMatchObject([{ text: 'web: 0123456789ab…, db: postgres' }]);
});

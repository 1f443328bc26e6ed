import { expect, test } from 'vitest';
import type { Job } from '#shared/contracts/rest/index.ts';
import { fault } from '#shared/kernel/index.ts';
import { jobFault } from './job-end.ts';

const job = (about: Partial<Job>) =>
  ({ id: 'j', number: 3, appName: 'feeds', state: 'failed', fault: null, ...about }) as Job;

test('P6: the end of a job says what became of the app', () => {
  expect(jobFault(job({ state: 'done', outcome: 'succeeded' }))).toBeUndefined();
  const unhealthy = fault('app.unhealthy', 'permanent', 'web is unhealthy', 'look at its log');
  const back = jobFault(job({ outcome: 'rolled-back', fault: unhealthy }));
  expect(back).toMatchObject({ code: 'app.unhealthy', next: 'look at its log' });
  expect(back?.message).toBe('release 3 of feeds failed: web is unhealthy; the last good release serves again');
  expect(jobFault(job({ outcome: 'failed', fault: unhealthy }))).toEqual(unhealthy);
  expect(jobFault(job({ state: 'cancelled', outcome: null }))?.code).toBe('job.cancelled');
  expect(jobFault(job({ outcome: 'superseded' }))?.code).toBe('job.superseded');
});

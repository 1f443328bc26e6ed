import { describe, expect, test } from 'vitest';
import { fault, unwrap } from '#shared/kernel/index.ts';
import type { JobRecord } from '../store/records.ts';
import { decideNext } from './decide-next.ts';
import { decideJob, type JobEvent, jobRules } from './job-machine.ts';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:00:09.000Z';
const transient = fault('engine.absent', 'transient', 'no engine', 'start it');

function job(change: Partial<JobRecord> = {}): JobRecord {
  return {
    id: 'j'.repeat(26),
    changeSet: 'c'.repeat(26),
    appId: 'p'.repeat(26),
    appName: 'app',
    node: 'n'.repeat(26),
    header: '1'.repeat(64),
    number: 1,
    verb: 'deploy',
    state: 'queued',
    outcome: null,
    awayMs: null,
    fault: null,
    createdAt: AT,
    startedAt: null,
    endedAt: null,
    after: [],
    ...change,
  };
}

const outcome = (
  value: NonNullable<JobRecord['outcome']>,
  probe = false,
  why = null as JobRecord['fault'],
): JobEvent => ({
  type: 'outcome',
  outcome: value,
  awayMs: 12,
  fault: why,
  probe,
});

describe('job machine', () => {
  test('the table is total: every state answers every event without throwing', () => {
    const events: JobEvent[] = [
      { type: 'sent' },
      outcome('failed'),
      { type: 'probed' },
      { type: 'cancel' },
      { type: 'retry' },
      { type: 'dependency-failed', fault: transient },
      { type: 'undeliverable', fault: transient },
    ];
    for (const state of Object.keys(jobRules) as JobRecord['state'][]) {
      expect(Object.keys(jobRules[state]).sort()).toEqual(events.map((event) => event.type).sort());
      for (const event of events) expect(decideJob(job({ state }), event, AT)).toHaveProperty('ok');
    }
  });

  test('a job goes from queued over running to done, with its times', () => {
    const sent = unwrap(decideJob(job(), { type: 'sent' }, AT));
    expect(sent).toMatchObject({ job: { state: 'running', startedAt: AT }, effects: ['transmit'] });
    const done = unwrap(decideJob(sent?.job ?? job(), outcome('succeeded'), LATER));
    expect(done).toMatchObject({ job: { state: 'done', outcome: 'succeeded', awayMs: 12, endedAt: LATER } });
  });

  test('with routes, a success is probed before the job is done', () => {
    const probing = unwrap(decideJob(job({ state: 'running' }), outcome('succeeded', true), AT));
    expect(probing).toMatchObject({ job: { state: 'running', outcome: 'succeeded' }, effects: ['probe'] });
    expect(unwrap(decideJob(probing?.job ?? job(), { type: 'probed' }, LATER))).toMatchObject({
      job: { state: 'done' },
    });
  });

  test('P6: a release that gave way to the good one is a failed job that says so', () => {
    const change = unwrap(decideJob(job({ state: 'running' }), outcome('rolled-back'), AT));
    expect(change?.job).toMatchObject({ state: 'failed', outcome: 'rolled-back' });
  });

  test('an outcome that comes twice changes nothing the second time', () => {
    expect(unwrap(decideJob(job({ state: 'done', outcome: 'succeeded' }), outcome('succeeded'), AT))).toBeNull();
    expect(unwrap(decideJob(job({ state: 'running', outcome: 'succeeded' }), outcome('failed'), AT))).toBeNull();
  });

  test('retry sends the same bytes only where the node has not judged them', () => {
    const refused = job({ state: 'failed', outcome: 'refused', fault: transient });
    expect(unwrap(decideJob(refused, { type: 'retry' }, AT))?.job).toMatchObject({ state: 'queued', outcome: null });
    const judged = decideJob(job({ state: 'failed', outcome: 'failed' }), { type: 'retry' }, AT);
    expect(judged.ok ? '' : judged.error.code).toBe('job.judged');
    const denied = job({ state: 'failed', outcome: 'refused', fault: { ...transient, kind: 'denied' } });
    expect(decideJob(denied, { type: 'retry' }, AT).ok).toBe(false);
  });

  test('a release that can not be put together any more fails its job and frees the queue', () => {
    const lost = fault('object.lost', 'permanent', 'gone', 'deploy anew');
    const change = unwrap(decideJob(job({ state: 'running' }), { type: 'undeliverable', fault: lost }, AT));
    expect(change).toMatchObject({ job: { state: 'failed', fault: lost }, effects: ['schedule'] });
    const probing = job({ state: 'running', outcome: 'succeeded' });
    expect(unwrap(decideJob(probing, { type: 'undeliverable', fault: lost }, AT))).toBeNull();
  });

  test('cancel works while queued and never after', () => {
    expect(unwrap(decideJob(job(), { type: 'cancel' }, AT))?.job.state).toBe('cancelled');
    const late = decideJob(job({ state: 'running' }), { type: 'cancel' }, AT);
    expect(late.ok ? '' : late.error.code).toBe('job.not-queued');
  });
});

describe('queue', () => {
  const view = (queued: JobRecord[], running: JobRecord[] = [], states: Record<string, JobRecord> = {}) => ({
    queued,
    running,
    isOnline: () => true,
    stateOf: (header: string) => states[header],
  });

  test('two jobs of one app on one node never run at once', () => {
    const first = job({ id: 'a'.repeat(26) });
    const second = job({ id: 'b'.repeat(26), header: '2'.repeat(64) });
    expect(decideNext(view([first, second])).map((decision) => decision.do)).toEqual(['send', 'wait']);
    expect(decideNext(view([second], [first])).map((decision) => decision.do)).toEqual(['wait']);
    const other = job({ id: 'c'.repeat(26), appId: 'q'.repeat(26) });
    expect(decideNext(view([other], [first])).map((decision) => decision.do)).toEqual(['send']);
  });

  test('a release waits for those it comes after, and fails with them', () => {
    const header = '9'.repeat(64);
    const waiting = job({ after: [header] });
    const at = (state: JobRecord['state'], found: JobRecord['outcome']) =>
      decideNext(view([waiting], [], { [header]: job({ state, outcome: found }) }))[0]?.do;
    expect(at('running', null)).toBe('wait');
    expect(at('done', 'succeeded')).toBe('send');
    expect(at('failed', 'rolled-back')).toBe('fail');
    expect(at('cancelled', null)).toBe('fail');
    expect(decideNext(view([waiting]))[0]?.do).toBe('fail');
  });

  test('a job for a node that is away stays queued and names the node', () => {
    const decision = decideNext({ ...view([job()]), isOnline: () => false })[0];
    expect(decision).toMatchObject({ do: 'wait', for: 'node', on: 'n'.repeat(26) });
  });
});

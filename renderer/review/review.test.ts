import { describe, expect, it } from 'vitest';
import { app, planOf } from '../dev/fixtures/apps.ts';
import { node } from '../dev/fixtures/nodes.ts';
import { groupPlanLines } from './plan-groups.ts';
import { jobSteps } from './step-progress.ts';

const at = (second: number) => new Date(1_700_000_000_000 + second * 1_000).toISOString();

describe('the steps of a job', () => {
  it('what was told of one run of a step is one step', () => {
    const steps = jobSteps({
      endedAt: null,
      steps: [
        { name: 'pull', state: 'started', at: at(0), text: '' },
        { name: 'pull', state: 'progress', at: at(1), text: '3 of 9 MiB' },
        { name: 'pull', state: 'progress', at: at(2), text: '' },
      ],
    });
    expect(steps).toMatchObject([
      { name: 'pull', state: 'running', text: '3 of 9 MiB', startedAt: at(0), endedAt: null },
    ]);
  });

  it('a step that ran twice is two: the second start after a failure', () => {
    const steps = jobSteps({
      endedAt: at(9),
      steps: [
        { name: 'start', state: 'started', at: at(0), text: '' },
        { name: 'start', state: 'failed', at: at(1), text: 'exit code 1' },
        { name: 'start', state: 'started', at: at(2), text: '' },
        { name: 'start', state: 'done', at: at(3), text: '' },
      ],
    });
    expect(steps.map(({ state }) => state)).toEqual(['failed', 'done']);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(2);
  });

  it('nothing is at work in a job that is over', () => {
    const steps = jobSteps({ endedAt: at(5), steps: [{ name: 'health', state: 'started', at: at(0), text: '' }] });
    expect(steps[0]?.state).toBe('skipped');
  });
});

it('P7: exceptions stand apart from the other lines of a plan, and no line is lost', () => {
  const plan = planOf(app('a', node('nuc')));
  const lines = [...plan.lines, { id: '9', subject: 'exception' as const, change: 'add' as const, text: '/dev/dri' }];
  const { groups, exceptions } = groupPlanLines(lines);
  expect(exceptions.map(({ id }) => id)).toEqual(['9']);
  expect(groups.flatMap((group) => group.lines.map(({ id }) => id))).toEqual(plan.lines.map(({ id }) => id));
  expect(groups.find(({ subject }) => subject === 'env')?.lines).toHaveLength(2);
});

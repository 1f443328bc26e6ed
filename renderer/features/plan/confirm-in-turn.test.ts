import { expect, it } from 'vitest';
import type { Followed } from '#renderer/review/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { app, planOf } from '../../dev/fixtures/apps.ts';
import { node } from '../../dev/fixtures/nodes.ts';
import { confirmInTurn } from './confirm-in-turn.ts';

const nuc = node('nuc');
const plans = ['one', 'two', 'three'].map((name) => planOf(app(name, nuc)));
const refusal = fault('plan.changed', 'conflict', 'something was edited', 'Look at the plan again.');
const answers: Record<string, Result<Followed>> = {
  one: ok({ kind: 'jobs', jobs: ['job'] }),
  two: ok({ kind: 'waiting', intent: 'intent' }),
  three: ok({ kind: 'jobs', jobs: ['job'] }),
};

it('each plan is confirmed once, in the order it was shown', async () => {
  const asked: string[] = [];
  const done = await confirmInTurn(plans, async ({ appName }) => {
    asked.push(appName);
    return answers[appName] ?? err(refusal);
  });
  expect(asked).toEqual(['one', 'two', 'three']);
  expect(done).toEqual({ sent: 2, waiting: 1, left: [], fault: null });
});

it('at a refusal nothing more is signed, and what is left begins with what was refused', async () => {
  const asked: string[] = [];
  const done = await confirmInTurn(plans, async ({ appName }) => {
    asked.push(appName);
    return appName === 'two' ? err(refusal) : (answers[appName] ?? err(refusal));
  });
  expect(asked).toEqual(['one', 'two']);
  expect(done).toEqual({ sent: 1, waiting: 0, left: plans.slice(1), fault: refusal });
});

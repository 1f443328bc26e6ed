import { expect, it } from 'vitest';
import { app, planOf } from '../dev/fixtures/apps.ts';
import { node } from '../dev/fixtures/nodes.ts';
import { isConfirmable, isHarmless } from './confirmable.ts';

const plan = planOf(app('a', node('nuc')));
const fault = { code: 'app.clash', kind: 'conflict', message: 'm', next: 'n' } as const;

it('P4: a plan is confirmed only where nothing is in the way, no owner has to sign and it says something', () => {
  expect(isConfirmable(plan)).toBe(true);
  expect(isConfirmable({ ...plan, blocked: [fault] })).toBe(false);
  expect(isConfirmable({ ...plan, ownerCommand: 'overseer …' })).toBe(false);
  expect(isConfirmable({ ...plan, lines: [] })).toBe(false);
});

it('P4: one that loses data or sets a guardrail aside is never confirmed along with others', () => {
  const aside = { id: '9', subject: 'exception', change: 'add', text: 'web: privileged' } as const;
  expect(isHarmless(plan)).toBe(true);
  expect(isHarmless({ ...plan, deletes: [{ volume: 'v', sizeBytes: null }] })).toBe(false);
  expect(isHarmless({ ...plan, lines: [...plan.lines, aside] })).toBe(false);
  expect(isHarmless({ ...plan, blocked: [fault] })).toBe(false);
});

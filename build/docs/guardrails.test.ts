import { expect, it } from 'vitest';
import { POLICY_RULES } from '#shared/domain/policies/index.ts';
import { guardrailsPage, untestedRules } from './guardrails.ts';

const titles = Object.keys(POLICY_RULES).map((rule) => ({ file: 'a.test.ts', title: `${rule}: is refused` }));

it('finds the rule that no test is about, also where another one’s name begins alike', () => {
  expect(untestedRules(titles)).toEqual([]);
  const without = titles.filter(({ title }) => !title.startsWith('device: '));
  expect(untestedRules(without)).toEqual(['device']);
});

it('shows each rule once, with its reason and its tests', () => {
  const page = guardrailsPage(titles);
  for (const [id, rule] of Object.entries(POLICY_RULES)) {
    expect(page.split(`### ${id}\n`)).toHaveLength(2);
    expect(page).toContain(rule.reason);
    expect(page).toContain(`${id}: is refused`);
  }
});

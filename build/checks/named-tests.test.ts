import { describe, expect, it } from 'vitest';
import { claimProblems, ruleProblems } from './named-tests-problems.ts';

const titles = [
  { file: 'a.test.ts', title: 'ABC-1: the log › ABC-2 P1: takes it' },
  { file: 'b.test.ts', title: 'A8-7: refuses it' },
];

describe('rules and their tests', () => {
  it('names a rule without a test, one that stands twice, and a title of no rule', () => {
    const page = { path: 'SPEC.md', text: '- **ABC-1** One.\n- **ABC-3** Three.\n- **ABC-1** Again.\n' };
    expect(ruleProblems([page], titles)).toEqual([
      'SPEC.md: ABC-3 stands in no title of a test',
      'SPEC.md: ABC-1 stands there, or on another page, already',
      'a.test.ts: a title names ABC-2, which is no rule',
    ]);
  });

  it('is content where each has its test', () => {
    const text = '- **ABC-1** One.\n- **ABC-2** Two.\n';
    expect(ruleProblems([{ path: 'SPEC.md', text }], titles)).toEqual([]);
  });
});

describe('claims of the threat model', () => {
  const there = () => true;

  it('names a test that is not there, a mark without one, and one without a mark', () => {
    const text =
      '| core | nothing [c1, c2] |\n\n- **c1** `b.test.ts`: A8-7: takes it\n- **c3** `b.test.ts`: A8-7: refuses it\n';
    expect(claimProblems(text, titles, there)).toEqual([
      'threat model: c1 names "A8-7: takes it", which is no test of b.test.ts',
      'threat model: [c2] has no test',
      'threat model: c3 stands in no cell',
    ]);
  });

  it('takes a title with or without the blocks around it', () => {
    const text = '| core | nothing [c1] |\n\n- **c1** `a.test.ts`: ABC-2 P1: takes it\n';
    expect(claimProblems(text, titles, there)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { addTallies, closingLine, closingProblems, compareSkipped, tallyReport } from './tally.ts';

const file = (status: string, ...statuses: string[]) => ({
  name: 'a.test.ts',
  status,
  message: '',
  assertionResults: statuses.map((one, index) => ({ ancestorTitles: ['group'], title: `test ${index}`, status: one })),
});

describe('tally', () => {
  it('counts passed, failed and skipped tests', () => {
    const tally = tallyReport({ testResults: [file('failed', 'passed', 'failed', 'skipped', 'todo')] });
    expect(closingLine(tally)).toBe('1 passed, 1 failed, 2 skipped');
    expect(tally.skipped).toEqual(['group > test 2', 'group > test 3']);
  });

  it('counts a file that did not load as a failure', () => {
    const tally = tallyReport({ testResults: [file('failed')] });
    expect(tally.failed).toBe(1);
    expect(tally.problems).toHaveLength(1);
  });

  it('says at the end why the first tests failed, without their stacks', () => {
    const report = { testResults: [file('failed', 'passed', 'failed')] };
    const [, failed] = report.testResults[0]?.assertionResults ?? [];
    Object.assign(failed ?? {}, {
      failureMessages: ['Error: core.unreachable\n\n    at walk (a.ts:1:1)\nconnect refused'],
    });
    expect(closingProblems(tallyReport(report).failures, ['x'])).toEqual([
      'failed: group > test 1\n  Error: core.unreachable\n  connect refused',
      'problem: x',
    ]);
  });

  it('cuts a long list of what is wrong', () => {
    const lines = closingProblems(
      [],
      Array.from({ length: 31 }, (_, index) => `skipped ${index}`),
    );
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe('and 23 more problems');
  });

  it('sums suites', () => {
    const one = tallyReport({ testResults: [file('passed', 'passed')] });
    expect(closingLine(addTallies([one, one]))).toBe('2 passed, 0 failed, 0 skipped');
  });

  it('names what is skipped without a reason, and what is listed but ran', () => {
    const list = [{ id: 'group > b', reason: 'needs a kernel module', command: 'npm test' }];
    expect(compareSkipped(['group > a'], list, false)).toEqual([
      'skipped, but not in e2e/not-run.json: group > a',
      'in e2e/not-run.json, but it ran: group > b',
    ]);
    expect(compareSkipped([], list, true)).toEqual([]);
    expect(compareSkipped(['group > b'], list, false)).toEqual([]);
  });

  it('refuses an entry without a reason', () => {
    expect(compareSkipped(['x'], [{ id: 'x', reason: ' ', command: 'c' }], false)).toHaveLength(1);
  });
});

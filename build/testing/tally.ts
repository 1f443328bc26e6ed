/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string; failureMessages?: string[] }[];
  }[];
}

export interface NotRun {
  /** Full title: the describe blocks and the test, joined by ` > `. */
  id: string;
  /** Why it cannot run here. */
  reason: string;
  /** What to run where it can. */
  command: string;
  /** It stands in a suite that only `--full` runs. */
  full?: boolean;
}

export interface Tally {
  passed: number;
  failed: number;
  /** Each failed test: its full title and the first lines of why, in the order they ran. */
  failures: { id: string; why: string }[];
  /** Full titles of what was skipped. */
  skipped: string[];
  /** What is wrong beside failed tests: files that did not load, a list that does not fit. */
  problems: string[];
}

/** Adds up one report. A file that failed without a failed test (it did not load, a hook threw) counts as one. */
export function tallyReport(report: VitestReport): Tally {
  const tally: Tally = { passed: 0, failed: 0, failures: [], skipped: [], problems: [] };
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      const id = [...test.ancestorTitles, test.title].join(' > ');
      if (test.status === 'passed') tally.passed += 1;
      else if (test.status === 'failed') {
        failedHere += 1;
        tally.failures.push({ id, why: firstLines(test.failureMessages?.[0] ?? '') });
      } else tally.skipped.push(id);
    }
    if (file.status === 'failed' && failedHere === 0) {
      failedHere = 1;
      tally.problems.push(`${file.name}: ${file.message || 'failed outside of its tests'}`);
    }
    tally.failed += failedHere;
  }
  return tally;
}

const WHY_LINES = 6;
const WHY_LENGTH = 600;

/** The start of a failure's message without its stack: enough to see what went wrong where only the end of a log is kept. */
function firstLines(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const text = lines.slice(0, WHY_LINES).join('\n');
  return text.length > WHY_LENGTH ? `${text.slice(0, WHY_LENGTH)} …` : text;
}

const FAILURES_SHOWN = 12;
const PROBLEMS_SHOWN = 8;

/** The lines before the last: what failed first and what else is wrong, cut where the first ones say it all. */
export function closingProblems(failures: Tally['failures'], problems: readonly string[]): string[] {
  return [
    ...failures.slice(0, FAILURES_SHOWN).map(({ id, why }) => `failed: ${id}\n${why.replace(/^/gm, '  ')}`),
    ...more(failures.length - FAILURES_SHOWN, 'failed'),
    ...problems.slice(0, PROBLEMS_SHOWN).map((problem) => `problem: ${problem}`),
    ...more(problems.length - PROBLEMS_SHOWN, 'problems'),
  ];
}

const more = (count: number, what: string): string[] => (count > 0 ? [`and ${count} more ${what}`] : []);

/** Sums several tallies. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, one) => sum + one.passed, 0),
    failed: tallies.reduce((sum, one) => sum + one.failed, 0),
    failures: tallies.flatMap((one) => one.failures),
    skipped: tallies.flatMap((one) => one.skipped),
    problems: tallies.flatMap((one) => one.problems),
  };
}

/**
 * What differs between the tests that were skipped and the committed list. With `partial` (only some tests were asked
 * for) an entry of the list that did not come up is no difference.
 */
export function compareSkipped(skipped: readonly string[], list: readonly NotRun[], partial: boolean): string[] {
  const listed = new Set(list.map((entry) => entry.id));
  const seen = new Set(skipped);
  return [
    ...[...seen].filter((id) => !listed.has(id)).map((id) => `skipped, but not in e2e/not-run.json: ${id}`),
    ...(partial ? [] : [...listed].filter((id) => !seen.has(id))).map((id) => `in e2e/not-run.json, but it ran: ${id}`),
    ...list
      .filter((entry) => !entry.reason?.trim() || !entry.command?.trim())
      .map((entry) => `e2e/not-run.json gives no reason or no command for: ${entry.id}`),
  ];
}

/** The last line of `npm test`. */
export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`;
}

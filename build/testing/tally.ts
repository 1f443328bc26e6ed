/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
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
  /** Full titles of what was skipped. */
  skipped: string[];
  /** What is wrong beside failed tests: files that did not load, a list that does not fit. */
  problems: string[];
}

/** Adds up one report. A file that failed without a failed test (it did not load, a hook threw) counts as one. */
export function tallyReport(report: VitestReport): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: [], problems: [] };
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') tally.passed += 1;
      else if (test.status === 'failed') failedHere += 1;
      else tally.skipped.push([...test.ancestorTitles, test.title].join(' > '));
    }
    if (file.status === 'failed' && failedHere === 0) {
      failedHere = 1;
      tally.problems.push(`${file.name}: ${file.message || 'failed outside of its tests'}`);
    }
    tally.failed += failedHere;
  }
  return tally;
}

/** Sums several tallies. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, one) => sum + one.passed, 0),
    failed: tallies.reduce((sum, one) => sum + one.failed, 0),
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

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Suite } from './suites.ts';
import { type Tally, tallyReport, type VitestReport } from './tally.ts';

const reportFolder = 'dist/test-reports';
const lingerMs = 20_000;

/**
 * Runs one suite in a vitest of its own over these files and reads what it reports. Everything the suite started is in its process
 * group and is ended with it. Over its budget, or without a report, it counts as one failure.
 */
export async function runSuite(suite: Suite, files: readonly string[]): Promise<Tally> {
  mkdirSync(reportFolder, { recursive: true });
  const reportFile = `${reportFolder}/${suite.name}.json`;
  rmSync(reportFile, { force: true });

  const ended = await runVitest(suite, [...files], reportFile);
  if (!existsSync(reportFile)) {
    const problem = `${suite.name}: ${ended.overBudget ? overBudgetText(suite) : 'vitest ended without a report'}`;
    const failed = ended.code === 0 ? 0 : 1;
    return { passed: 0, failed, failures: [], skipped: [], problems: failed ? [problem] : [] };
  }
  const tally = tallyReport(JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport);
  if (ended.overBudget) {
    tally.failed += 1;
    tally.problems.push(`${suite.name}: ${overBudgetText(suite)}`);
  } else if (ended.code !== 0 && tally.failed === 0) {
    tally.failed = 1;
    tally.problems.push(`${suite.name}: vitest exited with ${ended.code} though no test failed; its output says why`);
  }
  return tally;
}

function overBudgetText(suite: Suite): string {
  return `not done in its ${suite.budgetMinutes} minutes, ended (build/testing/suites.ts)`;
}

interface Ended {
  code: number;
  overBudget: boolean;
}

function runVitest(suite: Suite, files: string[], reportFile: string): Promise<Ended> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', suite.project, '--passWithNoTests'];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...files);
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 1, 1], detached: true, env });
    const group = child.pid ?? 0;
    let overBudget = false;
    let lingering = false;
    const end = (signal: NodeJS.Signals) => signalGroup(group, signal);
    const forward = (signal: NodeJS.Signals) => end(signal);
    const budget = setTimeout(() => {
      overBudget = true;
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), lingerMs).unref();
    }, suite.budgetMinutes * 60_000);
    // Vitest writes the report when the tests are over; an open handle must not keep the run from closing.
    const watch = setInterval(() => {
      if (lingering || !existsSync(reportFile)) return;
      lingering = true;
      setTimeout(() => end('SIGKILL'), lingerMs + 60_000).unref();
    }, 1_000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward);
    child.on('exit', (code) => {
      clearTimeout(budget);
      clearInterval(watch);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, forward);
      end('SIGKILL');
      resolve({ code: code ?? 1, overBudget });
    });
  });
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  if (group === 0) return;
  try {
    process.kill(-group, signal);
  } catch {
    // The group is gone already: that is what was wanted.
  }
}

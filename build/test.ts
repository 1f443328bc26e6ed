/**
 * `npm test [-- --full] [--deep] [--suite NAME] [FILTER…]`: builds the product, runs the suites one after the other and closes
 * with one line. It fails when a test failed, when none ran, or when what was skipped is not what the list says.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleProduct } from './bundle/bundle-product.ts';
import { runSuite } from './testing/run-suite.ts';
import { type Suite, suiteFiles, suites } from './testing/suites.ts';
import { addTallies, closingLine, closingProblems, compareSkipped, type NotRun, type Tally } from './testing/tally.ts';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    // Ten times as many generated inputs for each parser, and the time for them.
    deep: { type: 'boolean', default: false },
    suite: { type: 'string', multiple: true, default: [] },
  },
});
const unknown = values.suite.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No suite is named ${unknown.join(', ')}. Suites: ${suites.map((suite) => suite.name).join(', ')}.`);
  process.exit(2);
}

const stopped = { by: '' };
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopped.by = signal;
  });
}

if (values.deep) process.env.OVERSEER_DEEP = '1';
const chosen = suites
  .filter(isChosen)
  .map((suite) => ({ ...suite, budgetMinutes: suite.budgetMinutes * (values.deep ? 12 : 1) }));
const partial = values.suite.length > 0 || positionals.length > 0;
const rows: { suite: Suite; tally: Tally; minutes: number }[] = [];

const bundled = chosen.some((suite) => suite.project === 'e2e') ? await tryBundle() : true;
for (const suite of chosen) {
  if (stopped.by || (suite.project === 'e2e' && !bundled)) continue;
  console.log(`\n──── ${suite.name} (budget ${suite.budgetMinutes} min) ────`);
  const started = performance.now();
  const tally = await runSuite(suite, suiteFiles(suite, positionals));
  rows.push({ suite, tally, minutes: (performance.now() - started) / 60_000 });
}
finish();

async function tryBundle(): Promise<boolean> {
  try {
    await bundleProduct();
    return true;
  } catch (error) {
    console.error(`The product could not be built: ${(error as Error).message}`);
    return false;
  }
}

function isChosen(suite: Suite): boolean {
  if (values.suite.length > 0) return values.suite.includes(suite.name);
  return (values.full || !suite.full) && suiteFiles(suite, positionals).length > 0;
}

function finish(): void {
  const total = addTallies(rows.map((row) => row.tally));
  const everything = JSON.parse(readFileSync('e2e/not-run.json', 'utf8')) as NotRun[];
  const list = everything.filter((entry) => values.full || !entry.full);
  const differences = compareSkipped(total.skipped, list, partial);
  const problems = [...total.problems, ...differences];
  if (total.passed + total.failed === 0) problems.push('no test ran');
  if (!bundled) problems.push('the product could not be built, so nothing that needs it ran');
  if (stopped.by) problems.push(`stopped by ${stopped.by}`);

  console.log('\nsuite              passed  failed  skipped   minutes  budget');
  for (const { suite, tally, minutes } of rows) {
    const counts = [tally.passed, tally.failed, tally.skipped.length]
      .map((count) => String(count).padStart(7))
      .join(' ');
    console.log(`${suite.name.padEnd(17)} ${counts}  ${minutes.toFixed(1).padStart(8)}  ${suite.budgetMinutes}`);
  }
  const leftOut = suites.filter((suite) => suite.full && !values.full).map((suite) => suite.name);
  if (leftOut.length > 0) console.log(`left out without --full: ${leftOut.join(', ')}`);
  for (const entry of list.filter((one) => total.skipped.includes(one.id))) {
    console.log(`not run here: ${entry.id}\n  ${entry.reason}\n  where it can: ${entry.command}`);
  }
  for (const line of closingProblems(total.failures, problems)) console.log(line);
  process.exitCode = total.failed > 0 || problems.length > 0 ? 1 : 0;
  console.log(closingLine(total));
}

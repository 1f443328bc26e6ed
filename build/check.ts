/**
 * `npm run check`: everything that can be said about the source without running the product. All steps run even when
 * one fails, two at a time; the failures are printed whole, then a table.
 */
import { availableParallelism } from 'node:os';
import { runProgram } from './checks/process.ts';
import { checkSteps, type Step } from './checks/steps.ts';

interface Result {
  step: Step;
  seconds: number;
  ok: boolean;
  output: string;
}

const wanted = process.argv.slice(2);
const steps = checkSteps().filter((step) => wanted.length === 0 || wanted.some((word) => step.name.includes(word)));
if (steps.length === 0) {
  console.error(
    `No step is named like ${wanted.join(', ')}. Steps: ${checkSteps()
      .map((step) => step.name)
      .join(' · ')}`,
  );
  process.exit(2);
}

const started = performance.now();
const results = await runAll(steps, Math.min(4, availableParallelism()));
const failed = results.filter((result) => !result.ok);
for (const result of failed) console.log(`\n──── ${result.step.name} ────\n${result.output.trim()}`);
for (const { step, ok, output } of results) if (ok && step.tells) console.log(`\n${output.trim()}`);
printTable(results);
process.exitCode = failed.length === 0 ? 0 : 1;

async function runAll(all: readonly Step[], lanes: number): Promise<Result[]> {
  const waiting = [...all];
  const done: Result[] = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const from = performance.now();
      const { code, output } = await runProgram(step.command, step.args);
      const result = { step, seconds: (performance.now() - from) / 1000, ok: code === 0, output };
      console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${step.name} (${result.seconds.toFixed(1)} s)`);
      done.push(result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}

function printTable(all: readonly Result[]): void {
  const width = Math.max(...all.map((result) => result.step.name.length));
  console.log('');
  for (const { step, seconds, ok } of [...all].sort((a, b) => steps.indexOf(a.step) - steps.indexOf(b.step))) {
    console.log(`  ${step.name.padEnd(width)}  ${seconds.toFixed(1).padStart(5)} s  ${ok ? 'ok' : 'FAIL'}`);
  }
  const total = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = failed.length === 0 ? 'all ok' : `${failed.length} of ${all.length} failed`;
  console.log(`  ${'check'.padEnd(width)}  ${total.padStart(5)} s  ${verdict}`);
}

import { Worker } from 'node:worker_threads';
import { createSamples, nextInput, showInput } from './bend-input.ts';
import { createChance } from './chance.ts';
import type { InputReport, InputTask } from './input-worker.ts';
import type { ParserMaker } from './parser-under-test.ts';

/** Set by `npm test -- --deep`. */
const deep = process.env.OVERSEER_DEEP === '1';

/** Inputs per parser; `OVERSEER_INPUTS` says another number while one is at work on a parser. */
export const INPUTS = Number(process.env.OVERSEER_INPUTS ?? (deep ? 1_000_000 : 100_000));

/** How long the inputs of one parser may take all together. */
export const INPUTS_TIMEOUT_MS = deep ? 3_600_000 : 600_000;

/** The seed of this run: the same each time, so that a run can be repeated; another with `--deep`, or that of `OVERSEER_SEED`. */
const SEED = Number(process.env.OVERSEER_SEED ?? (deep ? Date.now() % 2 ** 31 : 1));
console.log(`${INPUTS} generated inputs for each parser; the same again with OVERSEER_SEED=${SEED}`);

const SLOW_MS = 100;
const HANG_MS = 20_000;
/** What the program itself, its parsers and their libraries take before the first input; the rest is for the inputs. */
const BASE_MB = 48;
const MEMORY_MB = 64;

/**
 * Gives a parser as many bent inputs as this run asks for, in a worker. Throws what to look at, with the seed that shows
 * it again, when one input made it throw, take over 100 ms, need over 64 MB of heap, or change a built-in prototype.
 */
export async function tryInputs(module: URL, parser: string): Promise<InputReport> {
  const place = new Int32Array(new SharedArrayBuffer(4));
  const task: InputTask = { module: module.href, parser, seed: SEED, count: INPUTS, slowMs: SLOW_MS, place };
  const worker = new Worker(new URL('./input-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: BASE_MB + MEMORY_MB, maxYoungGenerationSizeMb: 16 },
  });
  const report = await new Promise<Partial<InputReport>>((resolve) => {
    let seen = -1;
    const watch = setInterval(() => {
      if (place[0] === seen) resolve({ problem: `did not come back in ${HANG_MS / 1_000} s`, at: seen });
      seen = place[0] ?? 0;
    }, HANG_MS);
    worker.once('message', resolve);
    worker.once('error', (error: Error) =>
      resolve({ problem: `ended its thread: ${error.message}`, at: place[0] ?? 0 }),
    );
    worker.once('exit', () => clearInterval(watch));
  });
  await worker.terminate();
  if (report.problem === undefined) return report as InputReport;
  const shown = report.input ?? showInput(await inputAt(module, parser, report.at ?? 0));
  throw new Error(
    `${parser}: input ${report.at} of seed ${SEED} ${report.problem}\n${shown}\nagain: OVERSEER_SEED=${SEED}`,
  );
}

/** The input that a thread could not tell of, for it ran out of memory or time. */
async function inputAt(module: URL, parser: string, index: number): Promise<Uint8Array> {
  const makers = (await import(module.href)) as Record<string, ParserMaker>;
  const { samples, largest } = await (makers[parser] as ParserMaker)();
  const bendable = createSamples(samples);
  const chance = createChance(SEED);
  let input = nextInput(bendable, chance, largest);
  for (let at = 0; at < index; at++) input = nextInput(bendable, chance, largest);
  return input;
}

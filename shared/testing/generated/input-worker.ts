/** Runs one parser over generated inputs, in a thread of its own so that memory and time are bounded from outside. */
import { parentPort, workerData } from 'node:worker_threads';
import { isFault } from '#shared/kernel/index.ts';
import { createSamples, nextInput, showInput } from './bend-input.ts';
import { createChance } from './chance.ts';
import type { ParserMaker } from './parser-under-test.ts';

export interface InputTask {
  readonly module: string;
  readonly parser: string;
  readonly seed: number;
  readonly count: number;
  readonly slowMs: number;
  /** Where it is: a worker that does not come back is ended from outside, by this number. */
  readonly place: Int32Array;
}

export interface InputReport {
  readonly problem?: string;
  readonly at?: number;
  readonly input?: string;
  readonly taken: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly seconds: number;
}

const task = workerData as InputTask;
const makers = (await import(task.module)) as Record<string, ParserMaker>;
const parser = await (makers[task.parser] as ParserMaker)();
const began = cpuMs();
let taken = 0;
let refused = 0;
let refusal = '';
let slowestMs = 0;

/** The problem with what a parser answered, if there is one. */
async function tryInput(input: Uint8Array): Promise<string | undefined> {
  try {
    const answer = await parser.parse(input);
    if (answer.ok === true) taken++;
    else if (isFault(answer.error)) refusal = `${++refused}: ${answer.error.code}: ${answer.error.message}`;
    else return `answered neither ok nor a fault: ${JSON.stringify(answer)}`;
    return undefined;
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Of this thread: what else the machine does at the time does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The time it takes of the processor; a collection of garbage is told from the parser's own by trying again. */
async function timeOf(input: Uint8Array): Promise<{ ms: number; problem: string | undefined }> {
  let ms = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4 && ms > task.slowMs; round++) {
    const from = cpuMs();
    const problem = await tryInput(input);
    ms = Math.min(ms, cpuMs() - from);
    if (problem !== undefined) return { ms, problem };
  }
  return { ms, problem: undefined };
}

const owners = [Object, Array, Function, String, Number, Promise, Map].map((one) => one.prototype as object);
const namesOf = (): string => owners.map((one) => Reflect.ownKeys(one).length).join();
const clean = namesOf();

function end(problem?: string, at?: number, input?: Uint8Array): void {
  const seconds = (cpuMs() - began) / 1_000;
  const where = problem === undefined ? {} : { problem, at, input: input && showInput(input) };
  parentPort?.postMessage({ ...where, taken, refused, slowestMs, seconds } as InputReport);
}

async function run(): Promise<void> {
  for (const sample of parser.samples) {
    const problem = await tryInput(sample);
    if (problem !== undefined || refused > 0) return end(problem ?? `refused a valid input: ${refusal}`, -1, sample);
  }
  const samples = createSamples(parser.samples);
  const chance = createChance(task.seed);
  for (let at = 0; at < task.count; at++) {
    task.place[0] = at;
    const input = nextInput(samples, chance, parser.largest);
    const { ms, problem } = await timeOf(input);
    slowestMs = Math.max(slowestMs, ms);
    if (problem !== undefined) return end(problem, at, input);
    if (ms > task.slowMs) return end(`took ${Math.round(ms)} ms`, at, input);
    if (namesOf() !== clean) return end('changed a built-in prototype', at, input);
  }
  end();
}
await run();

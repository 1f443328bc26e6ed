/**
 * `npm run demo [-- --once] [--at-hand | --lab]`: Overseer doing its main job against a real Docker engine: the one at
 * hand where there is one, else one in a lab with an ACME server, DNS and a registry. Without --once it stays up and
 * says what to try; Ctrl-C ends it and leaves nothing behind.
 */
import { parseArgs } from 'node:util';
import { createAtHandDemo } from './at-hand-demo.ts';
import { findEngine } from './at-hand-engine.ts';
import { choosePlace } from './choose-place.ts';
import type { Demo } from './demo.ts';
import { createLabDemo } from './lab-demo.ts';
import { createStepRunner } from './step-table.ts';

const USAGE = `npm run demo [-- OPTIONS]
  --once      prove each step from outside, then end and leave nothing
  --at-hand   use the Docker engine that answers here (chosen by itself where there is one)
  --lab       use a lab of its own (Linux, as root)`;

const values = readOptions();
const started = performance.now();
const runner = createStepRunner((line) => console.log(line));
let demo: Demo | undefined;
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    console.log(`\n${signal}: ending what this demo started`);
    void end(signal === 'SIGINT' && !values.once ? 0 : 1);
  });
}

try {
  demo = await createDemo();
  if (demo) await run(demo);
} catch (cause) {
  if (!ending) {
    console.error(`\n${demo?.lastWords() ?? ''}`);
    console.error(`\n${runner.table()}\n\nThe demo stopped: ${cause instanceof Error ? cause.message : String(cause)}`);
    await end(1);
  }
}

function readOptions() {
  try {
    const { values: read } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        lab: { type: 'boolean', default: false },
        'at-hand': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!read.help) return read;
    console.log(USAGE);
    process.exit(0);
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function createDemo(): Promise<Demo | undefined> {
  const wanted = values.lab ? 'lab' : values['at-hand'] ? 'at-hand' : null;
  const engine = await findEngine(process.env);
  const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const choice = choosePlace({ wanted, engine, isLinuxRoot });
  if (choice.place === 'at-hand' && engine.found) {
    console.log(`At hand: ${choice.why}. \`--lab\` uses a lab instead.`);
    return createAtHandDemo(engine.engine);
  }
  if (choice.place === 'lab') {
    console.log(`In a lab: ${choice.why}.`);
    return createLabDemo();
  }
  console.error(`The demo has no place to run. ${choice.why}${choice.place === null ? `\n${choice.next}` : ''}`);
  process.exitCode = 2;
  return undefined;
}

async function run(chosen: Demo): Promise<void> {
  await chosen.deploy(runner);
  if (ending) return;
  if (values.once) {
    await chosen.prove(runner);
    await chosen.clearAway?.(runner);
    const took = Math.round((performance.now() - started) / 1000);
    console.log(`\n${runner.table()}\n\nThe demo did all it promises, in ${took} s.`);
    await end(0);
  } else {
    console.log(`\n${runner.table()}\n\n${chosen.whatToTry()}`);
    // Keeps the process, and with it the demo, until a signal comes.
    setInterval(() => undefined, 1 << 30);
  }
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  let exitCode = code;
  try {
    for (const line of (await demo?.end()) ?? []) console.log(line);
  } catch (cause) {
    console.error(`Not all could be removed: ${cause instanceof Error ? cause.message : String(cause)}`);
    exitCode = 1;
  }
  process.exit(exitCode);
}

/**
 * `npm run demo [-- --once]`: a lab with a real Docker engine, ACME server, DNS and registry, and in it Overseer doing its
 * main job. Without --once it stays up and says what to try; Ctrl-C ends it and leaves nothing behind.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startWorld, type World } from '#world/world.ts';
import { bundleProduct } from '../../build/bundle/bundle-product.ts';
import { productFolder } from '../journeys/lab-fleet.ts';
import { deployLine, proveLine } from './lab-line.ts';
import { createStepRunner } from './step-table.ts';
import { whatToTry } from './what-to-try.ts';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const started = performance.now();
const runner = createStepRunner((line) => console.log(line));
let world: World | undefined;
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    console.log(`\n${signal}: ending what this demo started`);
    void end(signal === 'SIGINT' && !values.once ? 0 : 1);
  });
}

try {
  await runner.step('build', async () => {
    await bundleProduct();
    return 'dist/overseer, one folder that runs with Node alone';
  });
  await runner.step('lab', async () => {
    world = await startWorld({ product: productFolder, note: (line) => console.log(`          ${line}`) });
    return 'Docker engine, registry, ACME server, DNS and a node, in namespaces of their own';
  });
  if (!world) throw new Error('the lab is not there');
  const fleet = await deployLine(world, runner);
  if (values.once) {
    await proveLine(fleet, runner);
    console.log(
      `\n${runner.table()}\n\nThe demo did all it promises, in ${Math.round((performance.now() - started) / 1000)} s.`,
    );
    await end(0);
  } else {
    console.log(`\n${runner.table()}\n\n${whatToTry(fleet)}`);
    // Keeps the process, and with it the lab, until a signal comes.
    setInterval(() => undefined, 1 << 30);
  }
} catch (cause) {
  if (!ending) {
    if (world)
      for (const name of ['core', 'node'])
        console.error(`\nlast lines of the ${name}:\n${lastLines(world.folder, name)}`);
    console.error(`\n${runner.table()}\n\nThe demo stopped: ${cause instanceof Error ? cause.message : String(cause)}`);
    await end(1);
  }
}

function lastLines(folder: string, name: string): string {
  const file = join(folder, 'logs', `${name}.log`);
  return existsSync(file)
    ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
    : 'it was not started';
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await world?.stop();
  process.exit(code);
}

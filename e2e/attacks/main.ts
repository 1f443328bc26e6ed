/**
 * `npm run attacks [-- ID…]`: builds the product, attacks it by real processes, and closes with one table. It fails when an
 * attack was taken, when one could not succeed without its checks, when an honest twin was refused, and when an id of the
 * list did not run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { bundleFolder, bundleProduct } from '../../build/bundle/bundle-product.ts';
import { attackIds } from './attack-ids.ts';
import { figuresOf, hasPassed, tableOf } from './report.ts';
import type { AttackWorld } from './row.ts';
import { type RunResult, runRows } from './run-rows.ts';
import { buildWithout } from './switches/patched-build.ts';
import { engineWorld, fleetWorld, installWorld, oldEngineWorld } from './worlds.ts';

const REPORT = 'dist/attacks.json';

const asked = process.argv.slice(2).map(Number);
const unknown = asked.filter((id) => !attackIds.includes(id));
if (unknown.length > 0) {
  console.error(`No attack has the id ${unknown.join(', ')}. Ids: ${attackIds.join(', ')}.`);
  process.exit(2);
}
const ids = asked.length > 0 ? asked : attackIds;
const started = performance.now();
await bundleProduct();
const shipped = `${process.cwd()}/${bundleFolder}`;
const builds = { shipped, without: buildWithout };
const results: RunResult[] = [];
await attack(fleetWorld(shipped));
await attack(engineWorld(shipped));
await attack(oldEngineWorld(shipped));
await attack(installWorld);

const figures = figuresOf(results, ids);
const minutes = Math.round((performance.now() - started) / 6_000) / 10;
mkdirSync('dist', { recursive: true });
writeFileSync(REPORT, `${JSON.stringify({ figures, minutes, results }, null, 2)}\n`);
console.log(`\n${tableOf(results, ids)}\n${minutes} min; every run: ${REPORT}`);
process.exitCode = hasPassed(figures) ? 0 : 1;

async function attack<Stage>(world: AttackWorld<Stage>): Promise<void> {
  const rows = world.rows.filter(({ id }) => ids.includes(id));
  if (rows.length === 0) return;
  console.log(`\n──── ${world.name}: ${rows.map(({ id }) => id).join(', ')} ────`);
  results.push(...(await runRows(world, rows, builds, tell)));
}

function tell({ id, kind, name, good, saw }: RunResult): void {
  console.log(
    `${good ? 'ok ' : 'BAD'} ${String(id).padStart(2)} ${kind.padEnd(7)} ${name}${good ? '' : `\n      ${saw}`}`,
  );
}

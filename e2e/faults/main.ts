/**
 * `npm run faults [-- --only ID]… [--stride N] [--json FILE]`: breaks disks, clocks, links and processes of the real
 * programs and counts what was acknowledged and lost. Of a sweep it takes every point, or every N-th. Exits 0 only when
 * every wanted row ran with its control, nothing was lost and nothing else was wrong.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFolder, bundleProduct } from '../../build/bundle/bundle-product.ts';
import { createGrounds } from './grounds.ts';
import { rows, wanted } from './rows.ts';
import { notRun, runRows, verdictOf } from './run-rows.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    stride: { type: 'string', default: '1' },
    json: { type: 'string', default: join(tmpdir(), 'overseer-faults.json') },
  },
});
const stride = Number(values.stride);
if (!Number.isInteger(stride) || stride < 1) {
  console.error(
    `--stride is ${JSON.stringify(values.stride)}: give a whole number from 1 on; 3 takes every third point.`,
  );
  process.exit(2);
}
const only = new Set(values.only);
const chosen = rows.filter(({ id }) => only.size === 0 || only.has(id));
await bundleProduct();
const note = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
const grounds = createGrounds({ product: bundleFolder, stride, note });
try {
  const ran = await runRows(chosen, grounds);
  const asked = Object.fromEntries(Object.entries(wanted).filter(([id]) => only.size === 0 || only.has(id)));
  const missing = notRun(asked, ran).map((one) => `did not run: ${one}`);
  const wrong = [...ran.flatMap(verdictOf), ...missing];
  console.log(`\n${tableOf(ran)}\n`);
  for (const line of wrong) console.log(line);
  const lost = ran.reduce((sum, { found }) => sum + (found?.lost ?? 0), 0);
  console.log(`${ran.length} rows, ${lost} acknowledged writes lost, ${wrong.length} things wrong`);
  writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), ran, wrong }, null, 2)}\n`);
  console.log(`figures: ${values.json}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await grounds.end();
}

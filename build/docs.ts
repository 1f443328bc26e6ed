/** `node build/run.mjs docs` writes what is generated in docs/; with `--check` it only says what is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { report } from './checks/report.ts';
import { generatedDocuments } from './docs/generated.ts';

const checkOnly = process.argv.includes('--check');
const stale = (await generatedDocuments()).filter(
  ({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
);
if (checkOnly) {
  report(
    stale.map(({ path }) => `${path} is not what the source says`),
    'Run `node build/run.mjs docs` and commit the result.',
  );
} else {
  for (const { path, text } of stale) {
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}

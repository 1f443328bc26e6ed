/**
 * What a browser fetches until the first screen can be used stays small enough for a phone on a bad line. Builds the
 * screens into a folder of its own and weighs them as they are sent to a browser that takes gzip.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWeb } from '../web/build-web.ts';
import { listFirstLoad } from '../web/first-load.ts';
import { report } from './report.ts';

const mostBytes = 350 * 1024;
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1).padStart(7)} KB`;

const folder = mkdtempSync(join(tmpdir(), 'first-load-'));
try {
  const files = listFirstLoad(folder, await buildWeb(folder, { quick: true }));
  const total = files.reduce((sum, one) => sum + one.gzippedBytes, 0);
  for (const { file, gzippedBytes } of files) console.log(`${kilobytes(gzippedBytes)}  ${file}`);
  console.log(`${kilobytes(total)}  first load, gzipped; ${kilobytes(mostBytes).trim()} at most\n`);
  report(
    total > mostBytes ? [`the first load is ${kilobytes(total - mostBytes).trim()} too large`] : [],
    'Import what is not needed at once lazily: `const Editor = lazy(() => import(…))`.',
  );
} finally {
  rmSync(folder, { recursive: true });
}

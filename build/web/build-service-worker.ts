import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { filesBelow } from './files-below.ts';

/**
 * Writes `service-worker.js`, with the list of all files that lie in the folder, beside them. It keeps its name in
 * every build: browsers look for a newer one at the address of the old.
 */
export async function buildServiceWorker(folder: string, entry: string): Promise<void> {
  const files = filesBelow(folder);
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  const precache = {
    version: hash.digest('hex').slice(0, 16),
    entry: `/${entry}`,
    files: files.map((file) => `/${file}`),
  };
  await build({
    entryPoints: ['renderer/service-worker.ts'],
    outfile: join(folder, 'service-worker.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    define: { PRECACHE: JSON.stringify(precache) },
  });
}

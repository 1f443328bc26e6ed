import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '#agent/core/http/openapi.ts';

/**
 * Writes docs/openapi.json from the schemas that validate; with `--check` it only compares and exits 1 when the file
 * is behind.
 */
const file = join(import.meta.dirname, '..', 'docs', 'openapi.json');
const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  const held = await readFile(file, 'utf8').catch(() => '');
  if (held !== text) {
    process.stderr.write('docs/openapi.json is behind the schemas. Run: node build/openapi.ts\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'node_modules/electron';

/**
 * Path of the Electron program, or undefined where it is not installed. Its package is only asked for files: requiring
 * it would download the program.
 */
export function electronProgram(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const program = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  return existsSync(program) ? program : undefined;
}

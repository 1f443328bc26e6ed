import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last lines of core and node, from a folder of logs. */
export function lastLines(logs: string): string {
  return ['core', 'node'].map((name) => `last lines of the ${name}:\n${tail(join(logs, `${name}.log`))}`).join('\n\n');
}

function tail(file: string): string {
  return existsSync(file)
    ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
    : 'it was not started';
}

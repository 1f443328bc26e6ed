import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageLists } from '../apt.ts';
import { type Part, partFolder } from '../part.ts';
import { run } from '../run.ts';
import { unpackClosure } from '../unpack.ts';
import { sidCommand } from './tools.ts';

/** Every package with its version and the hashes of its files: what a registry hands out beside these is refused. */
const requirements = fileURLToPath(new URL('./schemathesis-requirements.txt', import.meta.url));

/** Where this machine keeps whom it trusts; pip brings its own list, which knows no proxy of ours. */
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';

/** Debian's Python with pip, and Schemathesis from PyPI in a folder of its own: nothing of it is installed. */
export const schemathesis: Part = {
  id: 'schemathesis',
  version: '4.32.5-3',
  needs: [packageLists],
  check: 'lib/schemathesis/__init__.py',
  make: async (into, note) => {
    const taken = await unpackClosure('schemathesis', ['python3', 'python3-pip'], join(into, 'root'));
    note(`${taken.length} packages`);
    const options = ['--quiet', '--no-cache-dir', '--disable-pip-version-check', '--only-binary', ':all:', '--no-deps'];
    const { argv, env } = pythonIn(into);
    await run(
      [
        ...[...argv, '-m', 'pip', 'install', ...options],
        ...['--target', join(into, 'lib'), '--require-hashes', '--requirement', requirements],
      ],
      { part: 'schemathesis', env: { ...env, ...(existsSync(TRUSTED) ? { PIP_CERT: TRUSTED } : {}) } },
    );
  },
};

/** How to start the Python that Schemathesis was put together for. */
export function schemathesisPython(): { argv: string[]; env: NodeJS.ProcessEnv } {
  const folder = partFolder(schemathesis);
  const { argv, env } = pythonIn(folder);
  return { argv, env: { ...env, PYTHONPATH: join(folder, 'lib'), PYTHONDONTWRITEBYTECODE: '1' } };
}

function pythonIn(folder: string): { argv: string[]; env: NodeJS.ProcessEnv } {
  const root = join(folder, 'root');
  return { argv: sidCommand(root, 'usr/bin/python3'), env: { ...process.env, PYTHONHOME: join(root, 'usr') } };
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Part } from '../part.ts';
import { run } from '../run.ts';

/** Every package with its version and the hashes of its files: what a registry hands out beside these is refused. */
const requirements = fileURLToPath(new URL('./schemathesis-requirements.txt', import.meta.url));

/** Schemathesis from PyPI in a folder of its own, for this machine's Python: nothing of it is installed. */
export const schemathesis: Part = {
  id: 'schemathesis',
  version: '4.32.5-2',
  needs: [],
  check: 'lib/schemathesis/__init__.py',
  make: async (into) => {
    const options = ['--quiet', '--no-cache-dir', '--disable-pip-version-check', '--only-binary', ':all:', '--no-deps'];
    await run(
      [
        ...['python3', '-m', 'pip', 'install', ...options],
        ...['--target', join(into, 'lib'), '--require-hashes', '--requirement', requirements],
      ],
      { part: 'schemathesis', next: 'it needs Python 3.11 to 3.14 with pip' },
    );
  },
};

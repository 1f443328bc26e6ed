import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { type Part, partFolder } from '../part.ts';
import { unpackClosure } from '../unpack.ts';
import { sidCommand } from './tools.ts';

/** Debian's own `age`: another implementation of the format that our sealed copies have. */
export const age: Part = {
  id: 'age',
  version: '1',
  needs: [packageLists],
  check: 'root/usr/bin/age',
  make: async (into, note) => {
    const taken = await unpackClosure('age', ['age'], join(into, 'root'));
    note(`${taken.length} packages`);
  },
};

/** How to start `age` or `age-keygen` on this machine. */
export function ageCommand(program: 'age' | 'age-keygen'): string[] {
  return sidCommand(join(partFolder(age), 'root'), `usr/bin/${program}`);
}

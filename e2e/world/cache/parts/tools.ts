import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { type Part, partFolder } from '../part.ts';
import { unpackClosure } from '../unpack.ts';

const packages = ['iproute2', 'openssl', 'pebble', 'docker-registry'];

/** Programs that the lab itself runs, from Debian sid. `root/` in the part's folder. */
export const tools: Part = {
  id: 'tools',
  version: '1',
  needs: [packageLists],
  check: 'root/usr/bin/pebble',
  make: async (into, note) => {
    const taken = await unpackClosure('tools', packages, join(into, 'root'));
    note(`${taken.length} packages`);
  },
};

/**
 * How to start one of these programs on this machine: through sid's own loader and libraries, so that the C library of
 * the machine does not matter.
 */
export function toolCommand(path: string): string[] {
  return sidCommand(join(partFolder(tools), 'root'), path);
}

/** As `toolCommand`, for a program of any unpacked root. */
export function sidCommand(root: string, path: string): string[] {
  const library = join(root, 'usr/lib/x86_64-linux-gnu');
  return [join(library, 'ld-linux-x86-64.so.2'), '--library-path', library, join(root, path)];
}

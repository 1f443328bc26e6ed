import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { type Part, partFolder } from '../part.ts';
import { unpackClosure } from '../unpack.ts';
import { sidCommand } from './tools.ts';

/** What breaks things: strace fails or kills at a system call, libfaketime shifts one process's clock, nft cuts links. */
export const faultTools: Part = {
  id: 'fault-tools',
  version: '1',
  needs: [packageLists],
  check: 'root/usr/bin/strace',
  make: async (into, note) => {
    const taken = await unpackClosure('fault-tools', ['strace', 'faketime', 'nftables'], join(into, 'root'));
    note(`${taken.length} packages`);
  },
};

/** How to start one of these programs on this machine. */
export const faultCommand = (path: string): string[] => sidCommand(join(partFolder(faultTools), 'root'), path);

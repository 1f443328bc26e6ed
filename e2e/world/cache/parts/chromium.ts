import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import type { Part } from '../part.ts';
import { unpackClosure, upstreamVersion } from '../unpack.ts';
import { finishRoot } from './finish-root.ts';

const packages = [
  ...['base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'libc-bin', 'mount', 'util-linux'],
  ...['chromium', 'libnss3-tools', 'fonts-dejavu-core', 'fontconfig-config'],
];

/** A root with Debian's Chromium and certutil. Made only when a test asks for a browser. */
export const chromiumRoot: Part = {
  id: 'chromium',
  version: 'sid-2',
  needs: [packageLists],
  check: 'root/usr/bin/chromium',
  make: async (into, note) => {
    const root = join(into, 'root');
    const taken = await unpackClosure('chromium', packages, root);
    finishRoot(root);
    mkdirSync(join(root, 'etc'), { recursive: true });
    writeFileSync(join(root, 'etc/machine-id'), `${'0'.repeat(31)}1\n`);
    note(`chromium ${upstreamVersion(taken, 'chromium')}, ${taken.length} packages`);
  },
};

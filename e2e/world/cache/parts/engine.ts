import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import type { Part } from '../part.ts';
import { unpackClosure, upstreamVersion } from '../unpack.ts';
import { finishRoot } from './finish-root.ts';

/** What a small server has, and Docker. libstdc++ and libatomic are for the product's pinned Node. */
const packages = [
  ...['base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'diffutils', 'findutils', 'grep', 'gzip', 'hostname'],
  ...['libc-bin', 'mawk', 'mount', 'procps', 'sed', 'tar', 'util-linux', 'libstdc++6', 'libatomic1', 'tzdata'],
  ...['ca-certificates', 'iproute2', 'iptables', 'nftables', 'kmod', 'docker.io', 'docker-cli'],
  // For faults: a wrong clock, failing system calls.
  ...['libfaketime', 'strace'],
];

/** The root of a node: Debian sid with Docker 28.5, unpacked and never installed. `root/` in the part's folder. */
export const engineRoot: Part = {
  id: 'engine',
  version: '28.5-4',
  needs: [packageLists],
  check: 'root/usr/sbin/dockerd',
  make: async (into, note) => {
    const root = join(into, 'root');
    const taken = await unpackClosure('engine', packages, root);
    finishRoot(root);
    const version = upstreamVersion(taken, 'docker.io');
    note(`docker.io ${version}, ${taken.length} packages`);
    writeFileSync(join(into, 'engine-version'), `${version}\n`);
  },
};

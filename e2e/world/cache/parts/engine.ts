import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bookwormLists, type DebianSuite, packageLists } from '../apt.ts';
import { LabError } from '../lab-error.ts';
import type { Part } from '../part.ts';
import { unpackClosure, upstreamVersion } from '../unpack.ts';
import { finishRoot } from './finish-root.ts';

/** The Docker engines a node of the lab can have, by the version that `docker version` tells. */
export type EngineVersion = '28.5' | '20.10';

/** What a small server has, and Docker. libstdc++ and libatomic are for the product's pinned Node. */
const packages = [
  ...['base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'diffutils', 'findutils', 'grep', 'gzip', 'hostname'],
  ...['libc-bin', 'mawk', 'mount', 'procps', 'sed', 'tar', 'util-linux', 'libstdc++6', 'libatomic1', 'tzdata'],
  ...['ca-certificates', 'iproute2', 'iptables', 'nftables', 'kmod', 'docker.io'],
  // For faults: a wrong clock, failing system calls.
  ...['libfaketime', 'strace'],
];

interface EngineAbout {
  readonly id: string;
  readonly version: string;
  readonly suite: DebianSuite;
  readonly lists: Part;
  /** What this release of Debian has apart from the others. */
  readonly besides: readonly string[];
  /** How the version of docker.io must begin. */
  readonly docker: string;
}

/** The root of a node: Debian with Docker, unpacked and never installed. `root/` in the part's folder. */
const rootOf = ({ id, version, suite, lists, besides, docker }: EngineAbout): Part => ({
  id,
  version,
  needs: [lists],
  check: 'root/usr/sbin/dockerd',
  make: async (into, note) => {
    const root = join(into, 'root');
    const taken = await unpackClosure(id, [...packages, ...besides], root, undefined, suite);
    finishRoot(root);
    const found = upstreamVersion(taken, 'docker.io');
    if (!found.startsWith(`${docker}.`))
      throw new LabError(id, `Debian ${suite} has docker.io ${found}, not ${docker}`, `see packages of ${suite}`);
    note(`docker.io ${found}, ${taken.length} packages`);
    writeFileSync(join(into, 'engine-version'), `${found}\n`);
  },
});

/** Each engine's root; a world fetches those that its nodes have. */
export const engineRoots: Readonly<Record<EngineVersion, Part>> = {
  '28.5': rootOf({
    id: 'engine',
    version: '28.5-4',
    suite: 'sid',
    lists: packageLists,
    besides: ['docker-cli'],
    docker: '28.5',
  }),
  // The oldest that people still run on Debian 12, with API 1.41; its package has the command line in it.
  '20.10': rootOf({
    id: 'engine-bookworm',
    version: '20.10.24-1',
    suite: 'bookworm',
    lists: bookwormLists,
    besides: [],
    docker: '20.10',
  }),
};

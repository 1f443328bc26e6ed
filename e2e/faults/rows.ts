import type { Row } from './row.ts';
import { badVersion } from './rows/bad-version.ts';
import { clockBesideStack } from './rows/clock-beside-stack.ts';
import { corePublish } from './rows/core-publish.ts';
import { cutPull } from './rows/cut-pull.ts';
import { deviceEdit } from './rows/device-edit.ts';
import { enrol } from './rows/enrol.ts';
import { failingDisk } from './rows/failing-disk.ts';
import { fullDisk } from './rows/full-disk.ts';
import { jumpingClock } from './rows/jumping-clock.ts';
import { manyNodes } from './rows/many-nodes.ts';
import { nodeApply } from './rows/node-apply.ts';
import { nodeRelease } from './rows/node-release.ts';
import { oldCertificates } from './rows/old-certificates.ts';
import { partition } from './rows/partition.ts';
import { routeFile } from './rows/route-file.ts';
import { standingStill } from './rows/standing-still.ts';
import { turnedBytes } from './rows/turned-bytes.ts';

/** Every row there is, in the order it runs. */
export const rows: readonly Row[] = [
  corePublish,
  nodeRelease,
  enrol,
  deviceEdit,
  failingDisk,
  fullDisk,
  turnedBytes,
  jumpingClock,
  oldCertificates,
  standingStill,
  partition,
  manyNodes,
  nodeApply,
  clockBesideStack,
  cutPull,
  badVersion,
  routeFile,
];

/** What must have run for `npm run faults` to be content, with what stands behind each id. */
export const wanted: Readonly<Record<string, string>> = {
  '1': 'the core dies at each sync of a publish',
  '1n': 'the node dies at each sync of taking a release',
  '1e': 'the node dies at each sync of its enrolment',
  '2': 'the node dies at each sync and engine call of an apply',
  '3': 'the device dies at each sync of an edit',
  '4': 'a disk that fails',
  '5': 'a disk that is full or read-only',
  '6': 'bytes of the replica that turned over',
  '12': 'fifty nodes come back after a restart of the core',
  '13': 'clocks that jump',
  '13s': 'the clock of a node that jumps beside a running stack',
  '14': 'certificates that run out while the link is cut',
  '16': 'a pull that fails half way',
  '17': 'a version that turns bad',
  '18': 'the file of the ingress, written while requests come',
  stop: 'a process that stands still',
  cut: 'a partition between core and node, also one way',
};

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logShows } from '../../journeys/fleet.ts';
import { strangeKey } from '../evil/certificates.ts';
import { makeCrowd } from '../evil/crowd-file.ts';
import { presentLog } from '../evil/link-of-node.ts';
import { isDown } from '../probes/served-owner.ts';
import type { Attack } from '../row.ts';
import { type FleetStage, LINK_PORT } from '../world/fleet-world.ts';

const NODES = 500;
const BACK_WITHIN_MS = 60_000;

/** Ten times as many nodes as the faults have, and all of them in the same second. */
export const crowdComesBack: Attack<FleetStage> = {
  name: `${NODES} nodes that come back at once after kill -9 of the core`,
  checks: [],
  async run(stage) {
    const { disks } = stage;
    const place = { host: disks.host, port: LINK_PORT };
    const file = join(stage.folder, 'crowd.json');
    const trust = await makeCrowd({ count: NODES, owner: disks.owner, trust: disks.trust, place, file });
    await stage.core();
    await presentLog(place, await strangeKey('stranger'), trust.entries);
    const program = fileURLToPath(new URL('../evil/crowd.ts', import.meta.url));
    const crowd = stage.start([process.execPath, '--no-warnings', program, file], 'crowd');
    const all = new RegExp(`up ${NODES} of ${NODES}`, 'g');
    await logShows(crowd, all, BACK_WITHIN_MS);
    const core = await stage.core({ after: 'SIGKILL' });
    const from = performance.now();
    const verdict = await isDown(stage, core);
    const times = () => crowd.log().match(all)?.length ?? 0;
    while (times() < 2 && performance.now() - from < BACK_WITHIN_MS) await new Promise((done) => setTimeout(done, 50));
    if (times() < 2) return { took: true, saw: `not all ${NODES} came back in ${BACK_WITHIN_MS / 1_000} s` };
    return verdict;
  },
};

import { eventually } from '../../journeys/fleet.ts';
import { startAsking } from '../asking.ts';
import type { LabPlace } from '../lab-place.ts';
import type { Row } from '../row.ts';

const BAD = ['lab/web:never-healthy', 'lab/web:exits'] as const;

/** Nothing is brought back. */
const STAYS = {
  file: 'agent/node/apply/apply-app.ts',
  from: `      const prepared = await prepareApp(context, before, nested, { checksRoutes: false });
      await start(context, before, prepared, nested);
      await tidy(context, before, prepared);
`,
  to: '',
};

/** B4-17: a version that never gets well, or ends at once: the last good one comes back by itself. */
export const badVersion: Row = {
  id: '17',
  title: 'a new version whose health check fails',
  async run(grounds) {
    const place = await grounds.lab();
    const problems: string[] = [];
    const times: string[] = [];
    const good = (await place.containers())[0]?.version ?? '';
    for (const image of BAD) {
      const stop = await startAsking(place);
      const from = performance.now();
      const told = await place.deploy(image, image.replace(/\W/g, '-'));
      if (told.code !== 0) problems.push(`${image} was not taken: ${told.said}`);
      const outcome = await place.settled();
      const tookMs = performance.now() - from;
      if (outcome !== 'failed') problems.push(`${image}: the job ended as ${outcome}`);
      await comesBack(place, good).catch((cause: Error) => problems.push(`${image}: ${cause.message}`));
      const asked = await stop();
      const share = ((100 * asked.failed) / Math.max(1, asked.asked)).toFixed(1);
      times.push(
        `${image.slice(8)} back after ${(tookMs / 1_000).toFixed(1)} s, away ${(asked.awayMs / 1_000).toFixed(1)} s, ${share} % of ${asked.asked} requests failed`,
      );
      grounds.note(times.at(-1) ?? '');
    }
    return { points: BAD.length, acknowledged: BAD.length, lost: 0, figures: times.join('; '), problems };
  },
  async control(grounds) {
    const place = await grounds.lab();
    const good = (await place.containers())[0]?.version ?? '';
    const seen = await place.runningBroken([STAYS], async () => {
      await place.deploy(BAD[1], 'stays');
      await place.settled();
      return comesBack(place, good, 5_000).then(
        () => false,
        () => true,
      );
    });
    return { seen, what: 'a node that does not go back' };
  },
};

async function comesBack(place: LabPlace, version: string, withinMs = 60_000): Promise<void> {
  await eventually(
    `version ${version} runs again, alone`,
    async () => {
      const all = await place.containers();
      return all.length === 1 && all[0]?.status === 'running' && all[0].version === version ? true : undefined;
    },
    withinMs,
  );
}

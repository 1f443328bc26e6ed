import { logShows } from '../../journeys/fleet.ts';
import { joinRequest, postJoin } from '../evil/enrol.ts';
import type { AttackRow, Verdict } from '../row.ts';
import { type FleetStage, HTTP_PORT } from '../world/fleet-world.ts';

const RACERS = 50;

/** A token that the owner's command line made over the real core. */
async function newToken(stage: FleetStage): Promise<string> {
  await stage.core();
  const waiting = stage.owner().spawn(['nodes', 'token', '--name', 'new', '--json'], 'token');
  return logShows(waiting, /ov1_[A-Za-z0-9_-]+/);
}

/** Posts requests at once, each with keys of its own; more than one in is what a thief wants. */
async function race(stage: FleetStage, token: string, count: number) {
  const requests = await Promise.all(Array.from({ length: count }, (_, at) => joinRequest(token, `racer-${at}`)));
  const at = { host: stage.disks.host, port: HTTP_PORT };
  const from = performance.now();
  const answers = await Promise.all(requests.map((one) => postJoin(at, one)));
  const winners = answers.filter(({ status }) => status < 300).length;
  const codes = [...new Set(answers.filter(({ status }) => status >= 300).map(({ code }) => code))];
  return { winners, saw: `${winners} of ${count} in; ${codes.join(', ')}`, tookMs: performance.now() - from };
}

async function loses(stage: FleetStage, token: string): Promise<Verdict> {
  const { winners, saw, tookMs } = await race(stage, token, 1);
  return { took: winners > 0, saw, refusalMs: winners > 0 ? [] : [tookMs] };
}

/** A8-10. */
export const stolenToken: AttackRow<FleetStage> = {
  id: 10,
  attacks: [
    {
      name: `${RACERS} at once`,
      checks: ['token-once'],
      async run(stage) {
        const { winners, saw, tookMs } = await race(stage, await newToken(stage), RACERS);
        if (winners === 0) throw new Error(`nobody was let in: ${saw}`);
        return { took: winners > 1, saw, refusalMs: winners > 1 ? [] : [tookMs / RACERS] };
      },
    },
    {
      name: 'a second time, after kill -9 of the core right behind the first',
      checks: ['token-once'],
      async run(stage) {
        const token = await newToken(stage);
        const first = await race(stage, token, 1);
        if (first.winners !== 1) throw new Error(`the first was not let in: ${first.saw}`);
        await stage.core({ after: 'SIGKILL' });
        return loses(stage, token);
      },
    },
    {
      name: 'an hour late',
      checks: ['token-expiry'],
      async run(stage) {
        const token = await newToken(stage);
        await stage.core({ after: 'SIGTERM', clock: '+1h' });
        return loses(stage, token);
      },
    },
  ],
  honest: [
    {
      name: 'one node, in time',
      async run(stage) {
        const { winners, saw } = await race(stage, await newToken(stage), 1);
        return { took: winners === 1, saw };
      },
    },
  ],
};

import { describe, expect, it } from 'vitest';
import { productFolder } from '../journeys/lab-fleet.ts';
import type { AttackRow, AttackWorld } from './row.ts';
import { runRows } from './run-rows.ts';
import { buildWithout, problemsOf } from './switches/patched-build.ts';
import { type SwitchName, switches } from './switches/switches.ts';
import { fleetWorld } from './worlds.ts';

/** The part of `npm run attacks` that every test run carries: what takes seconds and guards the most. */
const SHORT = [1, 2, 3, 6, 8, 12, 13];

describe('attacks', () => {
  it('P1: each check that a test build can be without stands in the source exactly once', () => {
    expect((Object.keys(switches) as SwitchName[]).flatMap(problemsOf)).toEqual([]);
  });

  it('P1: a core without a signature is refused, each honest order is taken, and without its checks each attack would succeed', async () => {
    expect(await problemsOfRows(fleetWorld(productFolder), SHORT)).toEqual([]);
  });
});

async function problemsOfRows<Stage>(world: AttackWorld<Stage>, ids: readonly number[]): Promise<string[]> {
  const rows = ids.map((id) => world.rows.find((row: AttackRow<Stage>) => row.id === id));
  const builds = { shipped: productFolder, without: buildWithout };
  const known = rows.filter((row) => row !== undefined);
  const results = await runRows(world, known, builds, () => undefined);
  const bad = results.filter(({ good }) => !good).map(({ id, kind, name, saw }) => `${id} ${kind} ${name}: ${saw}`);
  const complete = ids.every((id) => results.some((one) => one.id === id));
  return complete ? bad : [...bad, 'a row is missing'];
}

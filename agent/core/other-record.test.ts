import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fleet, listAlarms } from '#shared/device/index.ts';
import { randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { DURABLE_FILE } from './store/sqlite-store.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { openTestFleet } from './testing/device-fleet.ts';
import type { TestDevice } from './testing/test-device.ts';

let world: CoreWorld;
let owner: TestDevice;
let [here, there]: (Fleet | undefined)[] = [];

beforeEach(async () => {
  world = await createCoreWorld();
  owner = await world.claim();
  const second = await world.newDevice();
  const personId = [...owner.trust().persons.keys()][0] ?? '';
  const entry = await owner.addTrust({ kind: 'add-device', personId, device: second.identity('desk', 'desktop') });
  expect(await owner.call('extendTrust', { body: { entries: [entry] } })).toMatchObject({ status: 200 });
  await second.takeTrust(owner.trust().entries);
  here = await openTestFleet(world, owner);
  there = await openTestFleet(world, second, 'desktop');
});
afterEach(async () => {
  await here?.close();
  await there?.close();
  await world.dispose();
});

const fleets = (): [Fleet, Fleet] => [here as Fleet, there as Fleet];
const edit = async (fleet: Fleet) =>
  unwrap(
    await unwrap(await fleet.replica()).edit(`app:${randomId(systemRandom)}`, (editor) => editor.set('name', 'web')),
  );
const sync = async (fleet: Fleet) => unwrap(await fleet.sync());
const alarmsOf = async (fleet: Fleet) => (await listAlarms(fleet.store)).map(({ fault: { message } }) => message);

/** Takes the newest entries out of the core's record; what it does from then on is another history. */
async function forgetNewest(entries: number): Promise<void> {
  await world.stop();
  const database = new Database(join(world.folder.folder, DURABLE_FILE));
  const last = database.prepare('SELECT max(seq) FROM audit').pluck().get() as number;
  database.prepare('DELETE FROM audit WHERE seq > ?').run(last - entries);
  database.close();
  await world.resume();
}

test('P8 AUD-8: with an honest core devices write to each other and nothing is said', async () => {
  const [one, two] = fleets();
  for (let round = 0; round < 3; round++) {
    for (const [writer, reader] of [
      [one, two],
      [two, one],
    ] as const) {
      await sync(writer);
      await edit(writer);
      await sync(writer);
      await sync(reader);
    }
    await world.restart();
  }
  expect(await alarmsOf(one)).toEqual([]);
  expect(await alarmsOf(two)).toEqual([]);
  expect(JSON.parse((await two.store.memo('core-chain')) ?? '{}').seq).toBeGreaterThan(1);
});

test('P8 AUD-8: a record that is another one than a device saw is an alarm at the first exchange, on both sides', async () => {
  const [one, two] = fleets();
  await sync(one);
  await sync(two);
  // Both have seen the newest entries, and say so in what they write next.
  await edit(one);
  await edit(two);
  await forgetNewest(2);
  await sync(one);
  await sync(two);
  await sync(one);
  expect(await alarmsOf(two)).toContainEqual(expect.stringContaining('what laptop saw'));
  expect(await alarmsOf(one)).toContainEqual(expect.stringContaining('what desk saw'));
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place, World } from '#world/world.ts';
import { startWorld } from '#world/world.ts';
import {
  bringUpFleet,
  type CliAnswer,
  createLabFleet,
  eventually,
  type LabFleet,
  logShows,
  ownerCommand,
  productFolder,
} from './lab-fleet.ts';

const WEB = 'services:\n  web:\n    image: lab/web:1\n    volumes: [data:/data]\nvolumes:\n  data: {}\n';
const NODE_STATE = '/var/lib/overseer';

let world: World;
let fleet: LabFleet;
let coreData = '';
let steady = '';

beforeAll(async () => {
  world = await startWorld({ product: productFolder, stateDiskMb: 24 });
  fleet = createLabFleet(world);
  coreData = join(world.hubFolder, 'core');
  mkdirSync(coreData, { recursive: true });
  await shell('hub', `mount -t tmpfs -o mode=700,size=24m tmpfs "$0"`, coreData);
  await bringUpFleet(fleet);
  expect((await deploy('steady', WEB)).code).toBe(0);
  steady = await containersOf('steady');
});
afterAll(() => world?.stop());

async function shell(place: Place, script: string, ...args: string[]): Promise<string> {
  const done = await world.exec(place, ['sh', '-c', script, ...args]);
  expect(done.code, done.stderr).toBe(0);
  return done.stdout;
}

/** Takes every byte of the disk that holds `folder`. */
const fillDisk = (place: Place, folder: string) =>
  shell(place, 'cat /dev/zero > "$0/fill" 2>/dev/null; cat /dev/zero > "$0/fill2" 2>/dev/null; true', folder);

const emptyDisk = (place: Place, folder: string) => shell(place, 'rm -f "$0/fill" "$0/fill2"', folder);

async function deployCommand(name: string, compose: string): Promise<string[]> {
  const file = await fleet.memoryFile(`${name}.yaml`, compose);
  return ['apps', 'deploy', name, '--compose', file, '--node', 'n1', '--yes'];
}

async function deploy(name: string, compose: string): Promise<CliAnswer> {
  return fleet.cli([...(await deployCommand(name, compose)), '--json'], { timeoutMs: 180_000 });
}

/** Which containers of an app there are and since when each runs. */
async function containersOf(name: string): Promise<string> {
  const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', name]);
  const filter = `label=com.docker.compose.project=ov-${appId}`;
  const ids = (await world.docker(['ps', '-aq', '--filter', filter])).stdout.split('\n').filter(Boolean);
  const format = '{{.Id}} {{.State.Status}} {{.State.StartedAt}}';
  return (await world.docker(['inspect', '--format', format, ...ids])).stdout;
}

describe('a full disk of the node', () => {
  it('P5: a deploy waits, says which disk is full and the mend, and goes on when there is space', async () => {
    await fillDisk('n1', NODE_STATE);
    const { argv, env } = ownerCommand(fleet, await deployCommand('late', WEB));
    const waiting = await world.spawn('hub', argv, { env, name: 'late' });
    const line = await logShows(waiting, /verify +failed.*/, 60_000);
    expect(line).toMatch(/disk is full.*\/var\/lib\/overseer.*Free space/);
    const [node] = await fleet.ask<{ status: string; facts: { diskFreeBytes?: number } }[]>(['nodes', 'list']);
    expect(node?.status, 'the agent is alive').toBe('online');
    expect(await containersOf('steady'), 'what ran runs on, untouched').toBe(steady);
    const logs = await fleet.cli(['apps', 'logs', 'steady', '--tail', '5']);
    expect([logs.code, logs.stderr], 'what cannot be written down is not done, and says why').toEqual([
      4,
      expect.stringMatching(/error: .*disk is full[\s\S]*fix: Free space/),
    ]);
    await emptyDisk('n1', NODE_STATE);
    expect((await waiting.exited).code, waiting.log()).toBe(0);
    expect(await containersOf('late')).toMatch(/ running /);
  });

  it('P5: an agent that starts on a full disk says so and carries on when there is space', async () => {
    await fillDisk('n1', NODE_STATE);
    fleet.node().kill('SIGKILL');
    await fleet.node().exited;
    const agent = await fleet.startNode();
    const args = ['apps', 'stop', 'late', '--yes'];
    const { argv, env } = ownerCommand(fleet, args);
    const waiting = await world.spawn('hub', argv, { env, name: 'stop-late' });
    await logShows(waiting, /verify +failed.*disk is full/, 60_000);
    expect(agent.isRunning()).toBe(true);
    expect(await containersOf('steady'), 'what ran runs on, untouched').toBe(steady);
    await emptyDisk('n1', NODE_STATE);
    expect((await waiting.exited).code, waiting.log()).toBe(0);
    expect(await containersOf('late')).toMatch(/ exited /);
  });
});

describe('a full disk of the core', () => {
  /** The status of /readyz. The key is not what is asked here. */
  async function ready(): Promise<number> {
    const script = 'fetch(process.argv[1]).then(({ status }) => console.log(status))';
    const argv = [process.execPath, '--no-warnings', '-e', script, `${fleet.coreUrl}/readyz`];
    return Number((await world.exec('hub', argv, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).stdout);
  }

  it('P5: writes are refused with the mend, reads work, /readyz is red, and all comes back with the space', async () => {
    expect(await ready()).toBe(200);
    const tokensBefore = await registered();
    // What SQLite has taken of the disk already it may still use: only a fresh journal needs space for its first page.
    fleet.core().kill('SIGTERM');
    await fleet.core().exited;
    await fleet.startCore();
    await eventually('the core is back', async () => ((await ready()) === 200 ? true : undefined));
    await fillDisk('hub', coreData);

    const refused = await fleet.cli(['nodes', 'token', '--no-wait', '--json']);
    expect(refused.code).toBe(4);
    expect(refused.lines.at(-1)).toMatchObject({
      error: {
        code: 'store.disk-full',
        message: expect.stringMatching(/disk of the core/),
        next: expect.stringMatching(/Free/),
      },
    });
    expect(await ready()).toBe(503);
    for (const args of [
      ['nodes', 'list'],
      ['apps', 'list'],
      ['apps', 'show', 'steady'],
      ['jobs', 'list'],
      ['audit', 'verify'],
    ])
      await fleet.ask(args);
    const kept = await fleet.cli(['apps', 'stop', 'steady', '--yes', '--json']);
    expect(kept.code, 'the confirmed change waits on the device').toBe(75);
    expect(await containersOf('steady')).toBe(steady);
    const core = fleet.core().log();
    expect(core.split('\n').length, 'no busy loop').toBeLessThan(200);

    await emptyDisk('hub', coreData);
    expect(await registered(), 'what was refused is not there').toBe(tokensBefore);
    expect((await fleet.cli(['nodes', 'token', '--no-wait', '--json'])).code).toBe(0);
    expect(await ready()).toBe(200);
    await eventually(
      'the kept change is signed and done',
      async () => (/ exited /.test(await containersOf('steady')) ? true : undefined),
      60_000,
    );
    expect(await fleet.ask<{ verdict: string }>(['audit', 'verify'])).toMatchObject({ verdict: 'verified' });
  });

  async function registered(): Promise<number> {
    const entries = await fleet.ask<{ action: string }[]>(['audit', 'list', '--limit', '100000']);
    return entries.filter(({ action }) => action === 'enrolment.register').length;
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import {
  bringUpFleet,
  type CliAnswer,
  createLabFleet,
  enableIngressAndDns,
  eventually,
  type LabFleet,
  logShows,
  ownerCommand,
  productFolder,
} from './lab-fleet.ts';
import { createOutside, type Outside } from './proofs.ts';

interface Refusal {
  code: string;
  message: string;
  next: string;
}

let world: World;
let fleet: LabFleet;
let outside: Outside;

const WEB = 'services:\n  web:\n    image: lab/web:1\n';

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  outside = createOutside(fleet);
  await bringUpFleet(fleet);
});
afterAll(() => world?.stop());

/** The fault of a command that must fail: its exit code, its code, and a mend. */
function refusalOf(answer: CliAnswer, exitCode: number): Refusal {
  const said = answer.lines.at(-1) as { error?: Refusal; fault?: Refusal } | undefined;
  const refusal = said?.error ?? said?.fault;
  expect([answer.code, refusal?.next ?? ''], `${answer.stdout}${answer.stderr}`).toEqual([
    exitCode,
    expect.stringMatching(/\w/),
  ]);
  return refusal as Refusal;
}

async function deploy(name: string, compose: string, ...args: string[]): Promise<CliAnswer> {
  const file = await fleet.memoryFile(`${name}.yaml`, compose);
  return fleet.cli(['apps', 'deploy', name, '--compose', file, '--node', 'n1', ...args, '--yes', '--json'], {
    timeoutMs: 180_000,
  });
}

/** What must be the same after a refusal: containers, volumes, networks of ours, and all records. */
async function state(): Promise<string[]> {
  return [...(await outside.engineObjects()), ...(await outside.records())];
}

async function joinWith(token: string, wrap: string[] = []) {
  const folder = `/tmp/join-${Math.random().toString(36).slice(2)}`;
  return world.exec('n1', [...wrap, 'node', '/opt/overseer/overseer.mjs', 'node', 'join', token], {
    env: { OVERSEER_NODE_DATA: folder },
  });
}

/** Runs a program of the node with its clock shifted; no other process notices. */
function faked(shift: string): string[] {
  return ['env', 'LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', `FAKETIME=${shift}`];
}

async function newToken(...args: string[]): Promise<string> {
  return (await fleet.ask<{ token: string }>(['nodes', 'token', '--no-wait', ...args])).token;
}

describe('enrolment', () => {
  it('A8-10: a changed token is refused before anything is sent', async () => {
    const token = await newToken();
    const answer = await joinWith(`${token.slice(0, -8)}AAAAAAAA`);
    expect([answer.code, answer.stderr]).toEqual([expect.not.stringMatching(/^0$/), expect.stringMatching(/token/i)]);
    expect(answer.code).not.toBe(0);
  });

  it('A8-10: a token that was used is refused to the second, and the owner is told', async () => {
    const { argv, env } = ownerCommand(fleet, ['nodes', 'token', '--name', 'second', '--json']);
    const waiting = await world.spawn('hub', argv, { env, name: 'second-token' });
    const token = await logShows(waiting, /ov1_[A-Za-z0-9_-]+/);
    expect((await joinWith(token)).code).toBe(0);
    const again = await joinWith(token);
    expect([again.code, again.stderr]).toEqual([3, expect.stringMatching(/used/i)]);
    waiting.kill('SIGTERM');
    await waiting.exited;
    const entries = await fleet.ask<{ action: string; outcome: string }[]>(['audit', 'list', '--limit', '200']);
    expect(entries.some((entry) => entry.outcome === 'refused' && entry.action.includes('enrol'))).toBe(true);
  });

  it('a clock that is a day wrong is named with both times and the mend', async () => {
    const answer = await joinWith(await newToken(), faked('-1d'));
    expect([answer.code === 0, answer.stderr]).toEqual([false, expect.stringMatching(/clock/i)]);
  });

  it('a token whose time is over is refused and says how to get a new one', async () => {
    const answer = await joinWith(await newToken('--expires', '1'), faked('+2m'));
    expect([answer.code === 0, answer.stderr]).toEqual([false, expect.stringMatching(/expired|over|clock/i)]);
  });
});

describe('ingress and DNS', () => {
  it('a port that is taken is named with who holds it and a way out, and nothing is left', async () => {
    const before = await state();
    const holder = await world.spawn('n1', ['node', '-e', 'require("http").createServer().listen(80)'], {
      name: 'holder',
    });
    await eventually('port 80 held', async () =>
      (await world.httpGet(`http://${world.node.ipv4}/`, { timeoutMs: 300 })).ok ? undefined : true,
    );
    const answer = await fleet.cli(
      ['ingress', 'enable', '--node', 'n1', '--no-acme', '--public-address', world.node.ipv4, '--yes', '--json'],
      { timeoutMs: 120_000 },
    );
    const refusal = refusalOf(answer, 1);
    expect(refusal.message).toMatch(/80/);
    holder.kill('SIGKILL');
    await holder.exited;
    expect(await state()).toEqual(before);
    await enableIngressAndDns(fleet);
  });

  it('a host name outside every zone of the token is refused and the zones are named', async () => {
    const before = await state();
    const answer = await deploy('astray', WEB, '--host', 'app.elsewhere.example', '--service', 'web', '--port', '8080');
    expect(answer.code).not.toBe(0);
    expect(`${answer.stdout}`).toMatch(/zone/i);
    expect(await state()).toEqual(before);
  });

  it('P4: a record that somebody else made is a clash; it stays and nothing starts', async () => {
    await world.cloudflareControl('putRecord', 'lab.example', {
      type: 'A',
      name: 'taken.lab.example',
      content: '192.0.2.77',
    });
    const before = await state();
    const answer = await deploy('taken', WEB, '--host', 'taken.lab.example', '--service', 'web', '--port', '8080');
    expect(answer.code).not.toBe(0);
    expect(answer.stdout).toMatch(/dns\.foreign-record/);
    expect(await state()).toEqual(before);
  });

  it('a host name that another app has is refused with that app’s name', async () => {
    const first = await deploy('first', WEB, '--host', 'web.lab.example', '--service', 'web', '--port', '8080');
    expect(first.code, first.stdout + first.stderr).toBe(0);
    const before = await state();
    const answer = await deploy('copy', WEB, '--host', 'web.lab.example', '--service', 'web', '--port', '8080');
    expect(answer.code).not.toBe(0);
    expect(answer.stdout).toMatch(/first/);
    expect(await state()).toEqual(before);
  });
});

describe('stacks', () => {
  it('an invalid Compose file is refused with line and column before anything is signed', async () => {
    const refusal = refusalOf(await deploy('broken', 'services:\n  web:\n    image: "lab/web:1\n'), 2);
    expect(refusal.message).toMatch(/line \d+, column \d+/);
  });

  it('A8-21: a privileged service is refused with its place in the file', async () => {
    const before = await state();
    const answer = await deploy('root', `${WEB}    privileged: true\n`);
    expect(answer.code).not.toBe(0);
    expect(answer.stdout).toMatch(/privileged/);
    expect(answer.stdout).toMatch(/line \d+/);
    expect(await state()).toEqual(before);
  });

  it('an image that does not exist is named, and nothing is left', async () => {
    const before = await state();
    const answer = await deploy('ghost', 'services:\n  web:\n    image: lab/none:9\n');
    const refusal = refusalOf(answer, 1);
    expect(refusal.message).toMatch(/lab\/none:9/);
    expect((await state()).filter((line) => line.startsWith('container'))).toEqual(
      before.filter((line) => line.startsWith('container')),
    );
  });

  it('P4: a project of our name that is not ours is refused untouched', async () => {
    await fleet.cli([
      'apps',
      'plan',
      'mine',
      '--compose',
      await fleet.memoryFile('mine.yaml', WEB),
      '--node',
      'n1',
      '--json',
    ]);
    const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', 'mine']);
    const foreign = `services:\n  web:\n    image: lab/web:1\n    volumes: [data:/data]\nvolumes:\n  data: {}\n`;
    const up = await world.exec('n1', ['docker', 'compose', '-p', `ov-${appId}`, '-f', '-', 'up', '-d'], {
      input: foreign,
    });
    expect(up.code, up.stderr).toBe(0);
    const look = () => world.docker(['inspect', `ov-${appId}-web-1`, '--format', '{{.Id}} {{.State.StartedAt}}']);
    const before = (await look()).stdout;
    const answer = await deploy('mine', WEB);
    expect(answer.code).not.toBe(0);
    expect(answer.stdout).toMatch(/own\.foreign-object/);
    expect((await look()).stdout).toBe(before);
    await world.exec('n1', ['docker', 'compose', '-p', `ov-${appId}`, '-f', '-', 'down', '-v'], { input: foreign });
  });
});

describe('parts that are away', () => {
  it('an engine that is absent is said in the job, and the deploy goes on when it is back', async () => {
    await world.node.stopEngine('SIGTERM');
    const file = await fleet.memoryFile('late.yaml', WEB);
    const { argv, env } = ownerCommand(fleet, ['apps', 'deploy', 'late', '--compose', file, '--node', 'n1', '--yes']);
    const waiting = await world.spawn('hub', argv, { env, name: 'late' });
    await logShows(waiting, /engine/i, 60_000);
    await world.node.startEngine();
    expect((await waiting.exited).code, waiting.log()).toBe(0);
  });

  it('a node that is offline leaves the job queued, says so, and gets it when it is back', async () => {
    fleet.node().kill('SIGTERM');
    await fleet.node().exited;
    const file = await fleet.memoryFile('later.yaml', WEB);
    const { argv, env } = ownerCommand(fleet, ['apps', 'deploy', 'later', '--compose', file, '--node', 'n1', '--yes']);
    const waiting = await world.spawn('hub', argv, { env, name: 'later' });
    await logShows(waiting, /waiting for node n1|offline/i, 60_000);
    await fleet.startNode();
    expect((await waiting.exited).code, waiting.log()).toBe(0);
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startWorld, type World } from '#world/world.ts';
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

const COMPOSE = 'services:\n  web:\n    image: lab/web:1\n    environment: { LEVEL: "$LEVEL" }\n';

interface ShownApp {
  observed: { running: { number: number } | null; services: { image: string }[] } | null;
}

let world: World;
let fleet: LabFleet;
let spki: string;
let grantId = '';

/** The folder that a build takes along. */
const home = () => join(world.hubFolder, 'home-ci');
const ci = (...args: string[]): Promise<CliAnswer> =>
  fleet.cli([...args, '--json'], { env: { OVERSEER_HOME: home() }, timeoutMs: 180_000 });
const deploy = (...args: string[]) => ci('apps', 'deploy', 'web', '--yes', '--wait', ...args);
const codeOf = (answer: CliAnswer) =>
  (answer.lines.at(-1) as { error?: { code: string } } | undefined)?.error?.code ?? `exit ${answer.code}`;
const shown = () => fleet.ask<ShownApp>(['apps', 'show', 'web']);
const runningImage = async () =>
  (await world.docker(['ps', '--filter', 'label=com.docker.compose.service=web', '--format', '{{.Image}}'])).stdout;

/** Asks to join as automation and has the owner compare the code, as a person does with eyes and hands. */
async function enrol(): Promise<void> {
  const args = ['device', 'request', '--automation', fleet.coreUrl, '--fingerprint', spki, '--name', 'ci', '--json'];
  const { argv, env } = ownerCommand(fleet, args);
  const asking: Running = await world.spawn('hub', argv, { name: 'ask-ci', env: { ...env, OVERSEER_HOME: home() } });
  await logShows(asking, /"type":"asked"/);
  const pipe = '/run/owner/code-of-ci';
  await world.exec('hub', ['mkfifo', pipe]);
  const typed = logShows(asking, /"code":"[0-9A-Z-]+"/).then((found) =>
    world.exec('hub', ['sh', '-c', `echo ${/"([0-9A-Z-]+)"$/.exec(found)?.[1]} > ${pipe}`]),
  );
  const approved = await fleet.cli(['device', 'approve', 'ci', '--code-file', pipe, '--json']);
  await typed;
  expect(approved.code, approved.stdout + approved.stderr).toBe(0);
  expect(approved.lines.at(-1)).toMatchObject({ device: { name: 'ci', kind: 'automation' }, role: null });
  expect((await asking.exited).code, asking.log()).toBe(0);
}

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  spki = (await bringUpFleet(fleet)).spki;
  const compose = await fleet.memoryFile('web.yaml', COMPOSE);
  const first = ['apps', 'deploy', 'web', '--compose', compose, '--env', 'LEVEL=info', '--yes'];
  await fleet.ask(first, 180_000);
  await enrol();
});
afterAll(() => world?.stop());

describe('a device that runs by itself', () => {
  it('LOG-11: may nothing until it has a grant', async () => {
    for (const args of [
      ['apps', 'list'],
      ['apps', 'deploy', 'web', '--image', 'web=lab/web:2', '--yes'],
    ])
      expect(codeOf(await ci(...args))).toBe('trust.not-allowed');
  });

  it('REL-17: signs another image of its repository, and what waits unsigned stays out of it', async () => {
    const given = ['grants', 'add', 'ci', '--app', 'web', '--image', 'lab/web', '--env', 'LEVEL'];
    grantId = (await fleet.ask<{ grant: { grantId: string } }>(given)).grant.grantId;
    await fleet.ask(['apps', 'plan', 'web', '--env', 'OTHER=waits']);
    const answer = await deploy('--image', 'web=lab/web:2', '--env', 'LEVEL=debug');
    expect(answer.code, answer.stdout + answer.stderr).toBe(0);
    expect(answer.lines.at(-1)).toMatchObject({ number: 2, outcome: 'succeeded' });
    expect(await runningImage()).toContain('lab/web');
    expect((await shown()).observed?.running?.number).toBe(2);
    const planned = await fleet.ask<{ plan: { lines: { text: string }[] } }>(['apps', 'plan', 'web']);
    const texts = planned.plan.lines.map(({ text }) => text).join('\n');
    expect(texts).toContain('OTHER=waits');
    expect(texts).not.toMatch(/lab\/web|LEVEL/);
  });

  it('REL-17: the same again changes nothing and ends well', async () => {
    const again = await deploy('--image', 'web=lab/web:2');
    expect([again.code, again.lines.at(-1)]).toEqual([0, expect.objectContaining({ changed: false })]);
  });

  it('exits 1 when the release fails, and the good one runs on', async () => {
    const failed = await deploy('--image', 'web=lab/web:exits');
    expect([failed.code, failed.lines.at(-1)]).toEqual([1, expect.objectContaining({ outcome: 'rolled-back' })]);
    expect((await shown()).observed?.running?.number).toBe(2);
    const mended = await deploy('--image', 'web=lab/web:3');
    expect(mended.code, mended.stdout).toBe(0);
  });

  it.each<[string, string[], string]>([
    ['another repository', ['--image', 'web=busybox:1.36'], 'release.content-not-granted'],
    ['another variable', ['--env', 'OTHER=mine'], 'release.content-not-granted'],
    ['another option', ['--image', 'web=lab/web:1', '--host', 'evil.lab.example'], 'cli.bad-option'],
    ['nothing at all', [], 'cli.missing-option'],
  ])('REL-17: does not deploy %s', async (_, args, code) => {
    expect(codeOf(await deploy(...args))).toBe(code);
  });

  it('REL-18: neither stops nor removes', async () => {
    for (const verb of ['stop', 'remove'])
      expect(codeOf(await ci('apps', verb, 'web', '--yes')), verb).toBe('trust.not-allowed');
    expect(await runningImage()).not.toBe('');
  });

  it('LOG-20: has no session from the moment its grant is taken back', async () => {
    await fleet.ask(['grants', 'remove', grantId]);
    expect(codeOf(await deploy('--image', 'web=lab/web:2'))).toBe('trust.not-allowed');
    await fleet.ask(['device', 'revoke', 'ci', '--confirm', 'ci']);
    await eventually('the device is revoked', async () =>
      codeOf(await ci('apps', 'list')) === 'trust.revoked' ? true : undefined,
    );
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startWorld, type World } from '#world/world.ts';
import { bringUpFleet, createLabFleet, eventually, hubProgram, type LabFleet, productFolder } from './lab-fleet.ts';

const COMPOSE = 'services:\n  web:\n    image: lab/web:1 # the page\n';
const change = { timeoutMs: 180_000 };

interface Entry {
  action: string;
  outcome: string;
  actor: { kind: string };
  subject: Record<string, string>;
}

let world: World;
let fleet: LabFleet;
/** What a pipeline has: no device, a token and where it is for. */
let pipeline: Record<string, string> = {};

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  await bringUpFleet(fleet);
  const file = await fleet.memoryFile('web.yaml', COMPOSE);
  const made = await fleet.cli(['apps', 'deploy', 'web', '--compose', file, '--yes', '--json'], change);
  expect(made.code, made.stdout + made.stderr).toBe(0);
  const token = await fleet.ask<{ environment: Record<string, string> }>(['tokens', 'add', 'ci', '--app', 'web']);
  pipeline = { OVERSEER_HOME: join(world.hubFolder, 'runner'), ...token.environment };
});
afterAll(() => world?.stop());

const asPipeline = (args: string[]) => fleet.cli([...args, '--json'], { env: pipeline, ...change });

/** A pipeline that proposes another image and waits. */
async function deployAndWait(image: string, name: string): Promise<Running> {
  const args = ['apps', 'deploy', 'web', '--image', `web=${image}`, '--note', name, '--wait', '5', '--json'];
  return world.spawn('hub', [...hubProgram(world), ...args], { name, env: pipeline });
}

async function waiting(note: string): Promise<string> {
  return eventually(`the proposal "${note}" waits`, async () => {
    const proposals = await fleet.ask<{ id: string; content: { note: string } }[]>(['proposals', 'list']);
    return proposals.find(({ content }) => content.note === note)?.id;
  });
}

const runningImage = async () => {
  const { observed } = await fleet.ask<{ observed: { services: { image: string }[] } }>(['apps', 'show', 'web']);
  return observed.services[0]?.image;
};

describe('a pipeline with an API token and no device', () => {
  it('TOK-6, PRO-1: its deploy changes nothing on the node until a device signs, then exits 0', async () => {
    const before = await world.docker(['ps', '--no-trunc', '--format', '{{.ID}} {{.Image}}']);
    const deploy = await deployAndWait('lab/web:2', 'build-1');
    const id = await waiting('build-1');
    expect((await world.docker(['ps', '--no-trunc', '--format', '{{.ID}} {{.Image}}'])).stdout).toBe(before.stdout);
    const accepted = await fleet.cli(['proposals', 'accept', id, '--yes', '--json'], change);
    expect(accepted.code, accepted.stdout + accepted.stderr).toBe(0);
    const ended = await deploy.exited;
    expect(ended.code, deploy.log()).toBe(0);
    expect(await runningImage()).toContain('lab/web:2');
  });

  it('PRO-2: exits 1 with the reason when a device declines', async () => {
    const deploy = await deployAndWait('lab/web:1', 'build-2');
    const id = await waiting('build-2');
    await fleet.ask(['proposals', 'decline', id, '--reason', 'not on a Friday']);
    expect((await deploy.exited).code).toBe(1);
    expect(deploy.log()).toContain('not on a Friday');
    expect(await runningImage()).toContain('lab/web:2');
  });

  it('exits 1 when what was signed fails and the last good release comes back', async () => {
    const deploy = await deployAndWait('lab/none:9', 'build-3');
    const id = await waiting('build-3');
    const accepted = await fleet.cli(['proposals', 'accept', id, '--yes', '--json'], change);
    expect(accepted.code).toBe(1);
    expect((await deploy.exited).code, deploy.log()).toBe(1);
  });

  it('P5: a core that is killed while it waits loses no proposal, and the wait goes on', async () => {
    const deploy = await deployAndWait('lab/web:1', 'build-4');
    const id = await waiting('build-4');
    fleet.core().kill('SIGKILL');
    await fleet.core().exited;
    await fleet.startCore();
    const accepted = await eventually('the device reaches the core', async () => {
      const answer = await fleet.cli(['proposals', 'accept', id, '--yes', '--json'], change);
      return answer.code === 4 ? undefined : answer;
    });
    expect(accepted.code, accepted.stdout).toBe(0);
    expect((await deploy.exited).code, deploy.log()).toBe(0);
  });

  it('75 with --no-wait, and a later look tells the end', async () => {
    const asked = await asPipeline(['apps', 'deploy', 'web', '--env', 'LEVEL=debug', '--no-wait']);
    expect(asked.code, asked.stderr).toBe(75);
    const { id } = (asked.lines.at(-1) as { proposal: { id: string } }).proposal;
    await fleet.ask(['proposals', 'decline', id]);
    expect((await asPipeline(['proposals', 'show', id, '--wait', '1'])).code).toBe(1);
  });

  it('TOK-4: reads its app and nothing else; what only a device does is refused by name', async () => {
    const file = await fleet.memoryFile('other.yaml', COMPOSE);
    const other = await fleet.cli(['apps', 'deploy', 'other', '--compose', file, '--yes', '--json'], change);
    expect(other.code, other.stdout).toBe(0);
    const apps = (await asPipeline(['apps', 'list'])).lines.at(-1) as { name: string }[];
    expect(apps.map(({ name }) => name)).toEqual(['web']);
    const unseen = await asPipeline(['apps', 'deploy', 'other', '--env', 'A=b', '--no-wait']);
    expect([unseen.code, unseen.stdout]).toEqual([3, expect.stringContaining('token.not-allowed')]);
    const secret = await asPipeline(['secrets', 'list', 'web']);
    expect([secret.code, secret.stdout]).toEqual([3, expect.stringContaining('cli.device-needed')]);
  });

  it('P1: a core with another key gets no token', async () => {
    const env = { ...pipeline, OVERSEER_CORE_KEY: '0'.repeat(64) };
    const refused = await fleet.cli(['apps', 'list', '--json'], { env });
    expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('core.wrong-key')]);
  });

  it('TOK-1: once revoked it opens nothing', async () => {
    await fleet.ask(['tokens', 'revoke', 'ci']);
    const refused = await asPipeline(['apps', 'list']);
    expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('token.revoked')]);
  });

  it('P8: the audit names the token for what it asked and the device for what it signed', async () => {
    const audit = await fleet.ask<Entry[]>(['audit', 'list', '--limit', '1000']);
    const about = audit.filter(({ outcome, subject }) => outcome === 'accepted' && subject.proposal !== undefined);
    const kinds = new Set(about.map(({ action, actor }) => `${actor.kind} ${action}`));
    expect([...kinds].sort()).toEqual(['device app.deploy', 'device proposal.decline', 'token app.deploy']);
    expect((await fleet.cli(['audit', 'verify', '--json'])).code).toBe(0);
  });
});

it('the log of the core shows no token', () => {
  const token = pipeline.OVERSEER_TOKEN ?? '';
  expect(token).toMatch(/^ovt_[a-z2-7]{26}_[\w-]{43}$/);
  // TOK-2: the secret is the last 43 characters, which may hold `_` themselves.
  expect(fleet.core().log()).not.toContain(token.slice(-43));
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import {
  bringUpFleet,
  createLabFleet,
  enableIngressAndDns,
  joinNode,
  type LabFleet,
  productFolder,
  withNodeAt,
} from './lab-fleet.ts';
import { createOutside, type Outside } from './proofs.ts';

const HOST = 'web.lab.example';
/** A volume, a file of the image's own and a network each: what the engine has to make. */
const COMPOSE = `services:
  web:
    image: lab/web:1
    environment: { GREETING: hello }
    volumes: [data:/data]
volumes:
  data: {}
`;

interface Job {
  outcome: string;
  number: number;
}

let world: World;
let fleet: LabFleet;
let outside: Outside;

/** n1 has engine 28.5 and is a member already; n2 is the server whose engine is old. */
beforeAll(async () => {
  world = await startWorld({ product: productFolder, engines: ['28.5', '20.10'] });
  fleet = createLabFleet(world);
  outside = createOutside(fleet);
  await bringUpFleet(fleet);
  const old = withNodeAt(fleet, 'n2');
  await joinNode(old, 'n2');
  const [, n2] = world.nodes;
  if (!n2) throw new Error('the lab has no second node');
  await enableIngressAndDns(old, n2);
});
afterAll(() => world?.stop());

const apps = (verb: string, ...args: string[]) => fleet.ask<Job>(['apps', verb, 'web', ...args, '--yes'], 240_000);

async function docker(place: 'n1' | 'n2', ...args: string[]): Promise<string[]> {
  const done = await world.exec(place, ['docker', ...args]);
  expect(done.code, done.stderr).toBe(0);
  return done.stdout.split('\n').filter(Boolean).sort();
}

const image = async () =>
  (await docker('n2', 'ps', '--format', '{{.Image}}')).filter((one) => one.startsWith('lab/web'));

describe('a server with engine 20.10 in a fleet with one of 28.5', () => {
  it('both are online, and each says which engine it has', async () => {
    type Listed = { name: string; status: string; facts: { dockerVersion: string; composeVersion: string } };
    const nodes = await fleet.ask<Listed[] | Listed>(['nodes', 'list']);
    const listed = [nodes].flat().map(({ name, status, facts }) => `${name} ${status} ${facts.dockerVersion}`);
    expect(listed.sort()).toEqual([
      expect.stringMatching(/^n1 online 28\.5\./),
      expect.stringMatching(/^n2 online 20\.10\.24/),
    ]);
  });

  it('an app with a route is deployed there and served over verified https', async () => {
    const file = await fleet.memoryFile('web.yaml', COMPOSE);
    const route = ['--host', HOST, '--port', '8080', '--service', 'web'];
    const done = await apps('deploy', '--compose', file, '--node', 'n2', ...route);
    expect(done).toMatchObject({ outcome: 'succeeded', number: 1 });
    expect(await outside.address(HOST)).toBe(world.nodes[1]?.ipv4);
    const page = await outside.page(`https://${HOST}/`);
    expect([page.status, page.issuer]).toEqual([200, expect.stringMatching(/pebble/i)]);
    expect(await image()).toEqual([expect.stringContaining('lab/web')]);
  });

  it('P6: a new version replaces it, and a rollback brings the first one back', async () => {
    const running = async () => (await docker('n2', 'ps', '-q', '--filter', 'label=com.docker.compose.service=web'))[0];
    const version = async () => (await docker('n2', 'exec', (await running()) ?? '', '/web', 'env', 'WEB_VERSION'))[0];
    expect(await apps('deploy', '--image', 'web=lab/web:2')).toMatchObject({ outcome: 'succeeded', number: 2 });
    expect(await version()).toBe('2');
    expect(await apps('rollback')).toMatchObject({ outcome: 'succeeded', number: 3 });
    expect(await version()).toBe('1');
    expect((await outside.page(`https://${HOST}/`)).status).toBe(200);
  });

  it('a key that this engine would leave out without a word is refused by name', async () => {
    const sub = COMPOSE.replace(
      '[data:/data]',
      '[{ type: volume, source: data, target: /data, volume: { subpath: a } }]',
    );
    const file = await fleet.memoryFile('sub.yaml', sub);
    const refused = await fleet.cli(['apps', 'deploy', 'sub', '--compose', file, '--node', 'n2', '--yes', '--json']);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toMatch(/engine\.too-old.*volume\.subpath.*API 1\.41/s);
    expect(await docker('n2', 'volume', 'ls', '-q', '--filter', 'name=_data')).toHaveLength(1);
  });

  it('P4: removed, it takes its containers, networks, route and record with it and leaves its data', async () => {
    await apps('remove');
    expect((await outside.records()).filter((line) => line.startsWith(`${HOST} `))).toEqual([]);
    expect(await image()).toEqual([]);
    expect(await docker('n2', 'volume', 'ls', '-q', '--filter', 'name=_data')).toEqual([
      expect.stringMatching(/^ov_.+_data$/),
    ]);
    expect(await docker('n1', 'ps', '-aq')).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import {
  bringUpFleet,
  type CliAnswer,
  createLabFleet,
  enableIngressAndDns,
  type LabFleet,
  productFolder,
} from './lab-fleet.ts';
import { createOutside } from './proofs.ts';

const HOST = 'web.lab.example';
const WEB = (image: string) =>
  `services:\n  web:\n    image: ${image}\n    volumes: [data:/data]\nvolumes:\n  data: {}\n`;
/** A stack that its owner made by hand, with a Traefik of his own in it. */
const WIKI = `name: wiki
services:
  web:
    image: lab/web:1
    networks: [front]
    volumes: [pages:/data]
  traefik:
    image: lab/web:2
    labels: { traefik.enable: "true", traefik.http.routers.wiki.rule: "Host(\`wiki.lab.example\`)" }
    networks: [front]
volumes:
  pages: {}
networks:
  front: {}
`;

interface App {
  appId: string;
}

let world: World;
let fleet: LabFleet;
let theirs = '';

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  await bringUpFleet(fleet);
  const up = await world.exec('n1', ['docker', 'compose', '-f', '-', 'up', '-d'], { input: WIKI });
  expect(up.code, up.stderr).toBe(0);
  await docker('volume', 'create', '--label', 'mine=yes', 'photos');
  await docker('network', 'create', '--internal', 'lan');
  await docker('run', '--rm', '-v', 'photos:/data', 'busybox:1.36', 'sh', '-c', 'echo cat > /data/cat.jpg');
  for (const [name, comment] of [
    ['wiki', 'made by hand'],
    ['photos', 'ov1:looks:like:ours'],
  ] as const)
    await world.cloudflareControl('putRecord', 'lab.example', {
      type: 'A',
      name: `${name}.lab.example`,
      content: '192.0.2.9',
      comment,
    });
  theirs = await foreignThings();
});
afterAll(() => world?.stop());

async function docker(...args: string[]): Promise<string> {
  const done = await world.docker(args);
  expect(done.code, done.stderr).toBe(0);
  return done.stdout;
}

/** Everything of somebody else, as the engine, its files and the DNS provider have it. Not looked at by name alone: also what is new. */
async function foreignThings(): Promise<string> {
  const list = async (...args: string[]) => (await docker(...args)).split('\n').filter(Boolean).sort();
  const notOurs = (names: string[]) =>
    names.filter((name) => !/^ov[-_]/.test(name) && !['bridge', 'host', 'none'].includes(name));
  const containers = notOurs(await list('ps', '-a', '--format', '{{.Names}}'));
  const volumes = notOurs(await list('volume', 'ls', '--format', '{{.Name}}'));
  const networks = notOurs(await list('network', 'ls', '--format', '{{.Name}}'));
  const seen = JSON.parse(await docker('inspect', ...containers)) as Record<string, unknown>[];
  const lasting = seen.map(({ Id, Name, State, Config, HostConfig, NetworkSettings, Mounts, RestartCount }) => {
    const { StartedAt, Pid, Status } = State as Record<string, unknown>;
    return { Id, Name, StartedAt, Pid, Status, RestartCount, Config, HostConfig, NetworkSettings, Mounts };
  });
  const bytes = await world.exec('n1', [
    'sh',
    '-c',
    'for v in "$@"; do cd "/var/lib/docker/volumes/$v/_data" && find . -type f -exec sha256sum {} + ; stat -c "%n %Y %u %g %a" . ; done',
    'sh',
    ...volumes,
  ]);
  const records = (
    (await world.cloudflareControl('records')) as { id: string; name: string; content: string }[]
  ).filter(({ content }) => content === '192.0.2.9');
  return JSON.stringify(
    {
      lasting,
      volumes: JSON.parse(await docker('volume', 'inspect', ...volumes)),
      networks: JSON.parse(await docker('network', 'inspect', ...networks)),
      bytes: bytes.stdout,
      records,
    },
    null,
    1,
  );
}

async function deploy(name: string, image: string, ...args: string[]): Promise<CliAnswer> {
  const file = await fleet.memoryFile(`${name}.yaml`, WEB(image));
  return fleet.cli(['apps', 'deploy', name, '--compose', file, '--node', 'n1', ...args, '--yes', '--json'], {
    timeoutMs: 180_000,
  });
}

const route = ['--host', HOST, '--service', 'web', '--port', '8080'];

describe('P4: what somebody else made is the same after', () => {
  const steps: [string, () => Promise<unknown>][] = [
    ['ingress enable and a DNS connector', () => enableIngressAndDns(fleet)],
    ['a deploy', async () => expect((await deploy('web', 'lab/web:1', ...route)).code).toBe(0)],
    ['a second release', async () => expect((await deploy('web', 'lab/web:2')).code).toBe(0)],
    ['a release that fails', async () => expect((await deploy('web', 'lab/web:exits')).code).toBe(1)],
    ['a rollback', () => fleet.ask(['apps', 'rollback', 'web', '--to', '1', '--yes'], 180_000)],
    [
      'remove --delete-data',
      () => fleet.ask(['apps', 'remove', 'web', '--delete-data', '--confirm', 'web', '--yes'], 180_000),
    ],
  ];
  it.each(steps)('P4: %s', async (_, act) => {
    await act();
    expect(await foreignThings()).toBe(theirs);
  });
});

describe('what only looks like ours', () => {
  /** Labels as this fleet's own objects carry them, read off a real one. */
  async function forgedLabels(appId: string): Promise<string[]> {
    const other = await fleet.ask<App>(['apps', 'show', 'model']);
    const [volume] = JSON.parse(await docker('volume', 'inspect', `ov_${other.appId}_data`)) as {
      Labels: Record<string, string>;
    }[];
    return Object.entries(volume?.Labels ?? {}).flatMap(([key, value]) => [
      '--label',
      `${key}=${value.replaceAll(other.appId, appId)}`,
    ]);
  }

  beforeAll(async () => {
    expect((await deploy('model', 'lab/web:1')).code).toBe(0);
  });

  it.each(['volume', 'container', 'network'] as const)(
    'A8-42: a %s with our name and our labels, but not in the node’s record, is refused untouched',
    async (kind) => {
      const name = `forged-${kind}`;
      const file = await fleet.memoryFile(`${name}.yaml`, WEB('lab/web:1'));
      await fleet.ask(['apps', 'plan', name, '--compose', file, '--node', 'n1']);
      const { appId } = await fleet.ask<App>(['apps', 'show', name]);
      const labels = await forgedLabels(appId);
      expect(labels.length).toBeGreaterThan(0);
      if (kind === 'volume') await docker('volume', 'create', ...labels, `ov_${appId}_data`);
      if (kind === 'network') await docker('network', 'create', ...labels, `ov_${appId}_default`);
      if (kind === 'container')
        await docker(
          'run',
          '-d',
          '--name',
          `ov-${appId}-web-1`,
          ...labels,
          '--label',
          `com.docker.compose.project=ov-${appId}`,
          '--label',
          'com.docker.compose.service=web',
          'lab/web:3',
        );
      const look = async () => {
        const all = await Promise.all([
          docker('ps', '-aq', '--no-trunc'),
          docker('volume', 'ls', '-q'),
          docker('network', 'ls', '-q'),
        ]);
        return [
          ...all,
          kind === 'container'
            ? await docker('inspect', '--format', '{{.State.StartedAt}} {{.State.Pid}}', `ov-${appId}-web-1`)
            : '',
        ];
      };
      const before = await look();
      const refused = await deploy(name, 'lab/web:1');
      expect(refused.code, refused.stdout + refused.stderr).not.toBe(0);
      expect(refused.stdout).toMatch(/own\.foreign-object/);
      expect(await look()).toEqual(before);
      // Removing it must not take the forged thing either.
      await fleet.cli(['apps', 'remove', name, '--delete-data', '--confirm', name, '--yes', '--json'], {
        timeoutMs: 120_000,
      });
      expect(await look()).toEqual(before);
    },
  );

  it('P4: a record of ours whose comment was edited by hand is somebody else’s from then on', async () => {
    const host = 'edited.lab.example';
    const made = await deploy('edited', 'lab/web:1', '--host', host, '--service', 'web', '--port', '8080');
    expect(made.code, made.stdout).toBe(0);
    const records = (await world.cloudflareControl('records')) as { id: string; name: string; comment: string }[];
    const record = records.find(({ name }) => name === host);
    await world.cloudflareControl('editRecord', record?.id, { comment: 'kept by hand since today' });
    await fleet.cli(['apps', 'remove', 'edited', '--yes', '--json'], { timeoutMs: 120_000 });
    const outside = createOutside(fleet);
    expect((await outside.records()).filter((line) => line.startsWith(host))).toEqual([
      `${host} A ${world.node.ipv4} kept by hand since today`,
    ]);
  });
});

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { searchDisks } from '../demo/search-disks.ts';
import { bringUpFleet, createLabFleet, type LabFleet, productFolder } from './lab-fleet.ts';

/** A value that a shell, a Compose file or a careless join would change. Its middle is what is looked for. */
const nasty = (): string =>
  `first "quoted" 'line'\n$HOME \${X:-y} $$ \`id\` %s \\n ü€😀 ${randomBytes(12).toString('hex')}\n`;

/** Images and what starts their program: nothing to run a shell with, another user, and a shell around all. */
const IMAGES = {
  plain: { image: 'lab/web:1' },
  nonroot: { image: 'lab/web:nonroot' },
  shell: { image: 'lab/web:shell', healthcheck: `test: ["CMD-SHELL", "test -n \\"$$TOKEN\\" && /web health"]` },
} as const;
type Name = keyof typeof IMAGES;
const names = Object.keys(IMAGES) as Name[];

interface Exposed {
  app: string;
  name: string;
  version: number;
  waits: boolean;
}

let world: World;
let fleet: LabFleet;
const secrets = Object.fromEntries(names.map((name) => [name, { env: nasty(), file: nasty() }])) as Record<
  Name,
  { env: string; file: string }
>;
const containers = new Map<Name, { id: string; address: string }>();

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  await bringUpFleet(fleet);
});
afterAll(() => world?.stop());

/** The part of each value that stands on one line, for places that quote or cut. */
const needles = (): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) =>
      (['env', 'file'] as const).map((kind) => [`${name} ${kind}`, secrets[name][kind].trimEnd().slice(-24)]),
    ),
  );

/** Fails when a value, or the part of it that no quoting changes, is in the text. */
function expectNoSecret(where: string, text: string): void {
  const found = Object.entries(needles()).filter(([, needle]) => text.includes(needle));
  expect(
    found.map(([label]) => `${label} in ${where}`),
    where,
  ).toEqual([]);
}

const get = async (name: Name, path: string): Promise<string> => {
  const script = 'fetch(process.argv[1]).then(async (r) => process.stdout.write(await r.text()))';
  const answer = await world.exec('n1', ['node', '-e', script, `http://${containers.get(name)?.address}:8080${path}`]);
  expect(answer.code, answer.stderr).toBe(0);
  return answer.stdout;
};

describe.each(names)('an app from image %s', (name) => {
  it('P7: sees the exact bytes of its secrets, as a variable and as a file', async () => {
    const about: { image: string; healthcheck?: string } = IMAGES[name];
    const health = about.healthcheck ? `    healthcheck:\n      ${about.healthcheck}\n      interval: 1s\n` : '';
    const compose = `services:\n  web:\n    image: ${about.image}\n    environment: { WEB_FILE: /run/secret/key }\n${health}`;
    const file = await fleet.memoryFile(`${name}.yaml`, compose);
    const values = secrets[name];
    const env = await fleet.memoryFile(`${name}-env`, values.env);
    const key = await fleet.memoryFile(`${name}-file`, values.file);
    await fleet.ask(
      [
        ...['apps', 'deploy', `app-${name}`, '--compose', file, '--node', 'n1', '--yes'],
        ...['--secret-file', `token=${env}`, '--secret-use', 'token=web:TOKEN'],
        ...['--secret-file', `key=${key}`, '--secret-use', 'key=web:/run/secret/key'],
      ],
      180_000,
    );
    const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', `app-${name}`]);
    const id = (
      await world.docker(['ps', '-q', '--filter', `label=com.docker.compose.project=ov-${appId}`])
    ).stdout.trim();
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const address = (await world.docker(['inspect', '--format', format, id])).stdout.trim();
    containers.set(name, { id, address });
    const seen = JSON.parse(await get(name, '/env')) as Record<string, string>;
    expect(seen.TOKEN).toBe(values.env);
    expect(await get(name, '/file')).toBe(values.file);
    const revealed = await fleet.ask<{ value: string }>(['secrets', 'reveal', `app-${name}`, 'token']);
    expect(revealed.value).toBe(values.env);
  });
});

describe('P7: no secret is', () => {
  it('P7: in what the engine tells of its containers, nor in their logs', async () => {
    expect(containers.size).toBe(names.length);
    for (const { id } of containers.values()) {
      const told = (await world.docker(['inspect', id])).stdout;
      expect(told).toContain(id);
      expectNoSecret('docker inspect', told);
      const logs = await world.docker(['logs', id]);
      expect(logs.code).toBe(0);
      expectNoSecret('docker logs', logs.stdout + logs.stderr);
    }
  });

  it('P7: in an argument of any process, nor in the environment of core and node', async () => {
    // The walk meets itself: what it must find stands in its own argument.
    const planted = `planted-${randomBytes(12).toString('hex')}`;
    const script = `cd /proc && for p in [0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done 2>/dev/null; : ${planted}`;
    for (const place of ['hub', 'n1'] as const) {
      const seen = (await world.exec(place, ['sh', '-c', script])).stdout;
      expect(seen).toContain(planted);
      expectNoSecret(`arguments in ${place}`, seen);
    }
    for (const agent of [fleet.core(), fleet.node()]) {
      const seen = execFileSync('cat', [`/proc/${agent.pid}/environ`], { encoding: 'utf8' });
      expect(seen.length).toBeGreaterThan(0);
      expectNoSecret('environment of the product', seen);
    }
  });

  it('P7: in an answer of the core, in the audit or in a log of the product', async () => {
    for (const args of [
      ['apps', 'list'],
      ...names.map((name) => ['apps', 'show', `app-${name}`]),
      ...names.map((name) => ['apps', 'plan', `app-${name}`]),
      ['secrets', 'list'],
      ['nodes', 'show', 'n1'],
      ['jobs', 'list'],
      ['audit', 'list', '--limit', '10000'],
      ['audit', 'export'],
      ...names.map((name) => ['apps', 'logs', `app-${name}`]),
    ]) {
      const answer = await fleet.cli([...args, '--json']);
      expect(answer.code, answer.stdout).toBe(0);
      expectNoSecret(args.join(' '), answer.stdout + answer.stderr);
    }
    expectNoSecret('log of the core', fleet.core().log());
    expectNoSecret('log of the node', fleet.node().log());
  });

  it('P7: on any disk of the lab; a planted one is found', async () => {
    const planted = `planted-${randomBytes(12).toString('hex')}`;
    for (const folder of world.diskPaths()) writeFileSync(join(folder, 'planted-control'), `x${planted}y`);
    const { findings } = await searchDisks(world.diskPaths(), { ...needles(), planted });
    const control = findings.filter(({ label }) => label === 'planted').map(({ path }) => path);
    expect(new Set(control).size).toBe(world.diskPaths().length);
    expect(findings.filter(({ label }) => label !== 'planted')).toEqual([]);
  });

  it('P7: left behind when its app is removed', async () => {
    await fleet.ask(['apps', 'remove', 'app-plain', '--yes'], 120_000);
    const kept = await world.exec('n1', ['sh', '-c', 'cat $(find /run/overseer -type f) 2>/dev/null; true']);
    expect(kept.stdout).not.toContain(needles()['plain env']);
    expect(kept.stdout).not.toContain(needles()['plain file']);
    expect(kept.stdout).toContain(needles()['shell env']);
  });
});

it('P7: a server that goes is told what it could read, with a value that runs on though it has a new one', async () => {
  const isShell = ({ app, name }: Exposed) => app === 'app-shell' && name === 'token';
  const listed = async () => (await fleet.ask<Exposed[]>(['secrets', 'exposed', 'n1'])).filter(isShell);
  expect(await listed()).toMatchObject([{ version: 1, waits: false }]);
  await fleet.ask(['secrets', 'rotate', 'app-shell', 'token', '--yes']);
  // Both count: the new value is sealed to it already, and the one that it has read runs until the next deploy.
  const waiting = await listed();
  expect(waiting).toContainEqual(expect.objectContaining({ version: 1, waits: true }));
  const { exposed } = await fleet.ask<{ exposed: Exposed[] }>(['nodes', 'revoke', 'n1', '--confirm', 'n1']);
  expect(exposed.filter(isShell)).toEqual(waiting);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { bringUpFleet, type CliAnswer, createLabFleet, eventually, type LabFleet, productFolder } from './lab-fleet.ts';

const COMPOSE = `services:
  web:
    image: lab/web:shell
    volumes: ["/srv/media:/media:ro"]
`;
const NAMED = 'opened media:/media:ro';
const change = { timeoutMs: 180_000 };

interface Aside {
  rule: string;
  value: string;
  reason: string;
  state: string;
}

let world: World;
let fleet: LabFleet;
let file = '';

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  await bringUpFleet(fleet);
  await world.exec('n1', ['sh', '-c', 'mkdir -p /srv/media && echo film > /srv/media/film && ln -s /etc /srv/evil']);
  file = await fleet.memoryFile('player.yaml', COMPOSE);
});
afterAll(() => world?.stop());

const cli = (...args: string[]): Promise<CliAnswer> => fleet.cli([...args, '--json'], change);
const faultOf = (answer: CliAnswer) => (answer.lines.at(-1) as { error: { code: string; next: string } }).error;
const open = (path: string, ...more: string[]) =>
  cli('nodes', 'open', 'folder', 'media', path, '--node', 'n1', '--yes', ...more);

describe('a media app with a folder that its owner opened', () => {
  it('host-folder: is refused with what to do while nothing is open', async () => {
    await cli('apps', 'plan', 'player', '--compose', file, '--node', 'n1');
    const raw = await cli('apps', 'deploy', 'player', '--yes');
    expect(raw.code, raw.stdout).not.toBe(0);
    expect(faultOf(raw)).toMatchObject({ code: 'gate.refused' });
    expect(faultOf(raw).next).toContain('overseer exceptions add APP host-folder /srv/media:/media:ro');
    const named = await cli('exceptions', 'add', 'player', 'host-folder', NAMED, '--reason', 'films', '--yes');
    expect(faultOf(named)).toMatchObject({ code: 'opening.not-open' });
    expect(faultOf(named).next).toContain('overseer nodes open folder media');
  });

  it('host-system: a link is not opened; the node says where it leads', async () => {
    const refused = await open('/srv/evil');
    expect(refused.code, refused.stdout).not.toBe(0);
    expect(refused.stdout).toContain('opening.bad-path');
    expect(refused.stdout).toContain('it leads to /etc');
  });

  it('host-folder: runs once the folder is open, and reads it', async () => {
    const opened = await open('/srv/media', '--read-only');
    expect(opened.code, opened.stdout + opened.stderr).toBe(0);
    const deployed = await cli('exceptions', 'add', 'player', 'host-folder', NAMED, '--reason', 'films', '--yes');
    expect(deployed.code, deployed.stdout + deployed.stderr).toBe(0);
    const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', 'player']);
    const read = await world.docker(['exec', `ov-${appId}-web-1`, 'cat', '/media/film']);
    expect(read.stdout).toBe('film\n');
    const written = await world.docker(['exec', `ov-${appId}-web-1`, 'sh', '-c', 'echo x > /media/film']);
    expect(written.code).not.toBe(0);
  });

  it('P8: the exception and the opening stand with the app, the node, the list and in both audit logs', async () => {
    const aside = { rule: 'host-folder', value: NAMED, reason: 'films' };
    const inForce = await eventually('the node told of it', async () => {
      const [one] = await fleet.ask<Aside[]>(['exceptions', 'list', 'player']);
      return one?.state === 'in force' ? one : undefined;
    });
    expect(inForce).toMatchObject(aside);
    const app = await fleet.ask<{ observed: { exceptions: Aside[] } }>(['apps', 'show', 'player']);
    expect(app.observed.exceptions).toMatchObject([aside]);
    const node = await fleet.ask<{ observed: { apps: { opening: object | null; exceptions: Aside[] }[] } }>([
      'nodes',
      'show',
      'n1',
    ]);
    expect(node.observed.apps.flatMap(({ opening }) => opening ?? [])).toEqual([
      { name: 'media', what: 'folder', path: '/srv/media', readOnly: true },
    ]);
    const audit = JSON.stringify(await fleet.ask(['audit', 'list', '--limit', '200']));
    expect(audit.split(`host-folder * ${NAMED} (films)`).length).toBeGreaterThan(1);
  });

  it('host-folder: closing names the app that uses it, and the node refuses it too', async () => {
    const close = () => cli('nodes', 'close', 'folder', 'media', '--node', 'n1', '--yes');
    const used = await close();
    expect(faultOf(used)).toMatchObject({ code: 'opening.in-use' });
    expect(used.stdout).toContain('player');
    await fleet.ask(['apps', 'stop', 'player', '--yes'], 180_000);
    expect((await close()).code).toBe(0);
    const started = await cli('apps', 'start', 'player', '--yes');
    expect(started.code, started.stdout).not.toBe(0);
    expect(started.stdout).toContain('opening.not-open');
    const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', 'player']);
    const running = await world.docker(['ps', '-q', '--filter', `name=ov-${appId}`]);
    expect(running.stdout).toBe('');
  });
});

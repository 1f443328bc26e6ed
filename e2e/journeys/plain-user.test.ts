import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecResult, type Running, startWorld, type World } from '#world/world.ts';
import { eventually, logShows } from './fleet.ts';

/** Somebody who may use the engine and is nobody else: no root, and no way to become root. */
const USER = ['setpriv', '--reuid', '1000', '--regid', '1000', '--init-groups', '--no-new-privs', '--'];
const ENV = { HOME: '/home/owner', XDG_RUNTIME_DIR: '/run/user/1000' };
const DEMO = [...USER, 'node', 'e2e/demo/main.ts'];
const CWD = '/opt/overseer';

let world: World;
let before: Record<string, string>;

beforeAll(async () => {
  world = await startWorld();
  await must(['install', '-d', '-o', '1000', '-g', '1000', '-m', '700', '/run/user/1000']);
  // What the user has already: an app of his own on the port that the demo would like, data, and an image under a
  // name that the demo pulls too.
  await must(['docker', 'pull', '-q', 'busybox:1.36']);
  await must(['docker', 'tag', 'busybox:1.36', 'postgres:18']);
  await must(['docker', 'network', 'create', 'mine-net']);
  const volume = ['-v', 'mine-data:/data'];
  const about = ['--name', 'mine', '--network', 'mine-net', '-p', '8080:80', '--restart', 'always', ...volume];
  const program = 'echo kept > /data/file; trap exit TERM; while :; do sleep 1; done';
  await must(['docker', 'run', '-d', ...about, 'busybox:1.36', 'sh', '-c', program]);
  before = await look();
});
afterAll(() => world?.stop());

async function must(argv: readonly string[]): Promise<string> {
  const answer = await world.exec('n1', argv, { timeoutMs: 120_000 });
  if (answer.code !== 0) throw new Error(`${argv.join(' ')}: ${answer.stderr}`);
  return answer.stdout;
}

/** Everything of the node that the demo could have changed. */
async function look(): Promise<Record<string, string>> {
  const shell = (script: string) => must(['bash', '-c', script]);
  const container =
    '{{.Id}} {{.Image}} {{.State.StartedAt}} {{.RestartCount}} {{json .Config.Labels}} {{json .Mounts}}';
  return {
    containers: await shell('docker ps -aq --no-trunc | sort'),
    mine: await must(['docker', 'inspect', '--format', `${container} {{json .NetworkSettings.Networks}}`, 'mine']),
    data: await must(['docker', 'exec', 'mine', 'sh', '-c', 'ls -la --full-time /data; cat /data/file']),
    volumes: await shell('docker volume ls -q | sort | xargs -r docker volume inspect'),
    networks: await shell('docker network ls -q --no-trunc | sort | xargs docker network inspect'),
    names: await shell('docker image inspect --format "{{.Id}}" postgres:18 busybox:1.36'),
    files: await shell('find /tmp /home/owner /run/user /var/lib/overseer -not -type s | sort'),
    mounts: await shell('cut -d" " -f5 /proc/1/mountinfo | grep -v /var/lib/docker | grep -v /run/docker | sort'),
    processes: await shell(
      'for p in /proc/[0-9]*; do [ "$(stat -c %u $p 2>/dev/null)" = 1000 ] && tr "\\0" " " < $p/cmdline; done; true',
    ),
  };
}

const demo = (...args: string[]): Promise<Running> =>
  world.spawn('n1', [...DEMO, ...args], { env: ENV, cwd: CWD, name: `demo${args.join('')}-${Date.now()}` });

/** Waits until the demo's database runs: the middle of a deploy. */
const deploying = (): Promise<string> =>
  eventually(
    'the demo’s database',
    async () => (await must(['docker', 'ps', '-q', '--filter', 'name=ov-.*-db'])) || undefined,
    300_000,
  );

/** Processes take a moment to be gone after the one that started them. */
async function expectAsBefore(): Promise<void> {
  await expect.poll(look, { timeout: 20_000, interval: 500 }).toEqual(before);
}

describe('the demo at hand, as a plain user', () => {
  it('without an engine it says what is missing and what to do', async () => {
    const env = { ...ENV, DOCKER_HOST: 'unix:///nonexistent.sock' };
    const answer: ExecResult = await world.exec('n1', [...DEMO, '--once'], { env, cwd: CWD });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/No engine at hand: .*nonexistent\.sock.*needs root on Linux.*\nInstall Docker/);
    await expectAsBefore();
  });

  it('P4: Ctrl-C in the middle removes all of it, also what a killed demo had left', async () => {
    const killed = await demo();
    await deploying();
    killed.kill('SIGKILL');
    await killed.exited;
    expect(await look(), 'a killed demo leaves what it made').not.toEqual(before);

    const stopped = await demo();
    await logShows(stopped, /removed what a killed demo left/, 120_000);
    expect(await must(['docker', 'ps', '-q', '--filter', 'name=ov-'])).toBe('');
    await deploying();
    stopped.kill('SIGINT');
    expect(await stopped.exited).toMatchObject({ code: 0 });
    expect(stopped.log()).toContain('ending what this demo started');
    await expectAsBefore();
  });

  it('P4, P7: with --once it proves its line without root, and everything is as it was', async () => {
    await must(['docker', 'rmi', '-f', 'traefik:v3.7', 'miniflux/miniflux:2.3.4']);
    // A strict umask too: what a container is given must be readable all the same.
    const strict = ['sh', '-c', 'umask 077; exec "$@"', 'sh', ...DEMO, '--once'];
    const answer = await world.exec('n1', strict, { env: ENV, cwd: CWD, timeoutMs: 900_000 });
    expect(answer.code, `${answer.stdout}\n${answer.stderr}`).toBe(0);
    expect(answer.stdout).toMatch(/^At hand: Docker 28\./);
    for (const step of ['generated password works', 'a broken release gives way', 'rollback to release 1', 'audit'])
      expect(answer.stdout).toContain(step);
    expect(answer.stdout, 'the taken port is passed over').toContain('http://feeds.localhost:8081/');
    expect(answer.stdout).toContain('Images that were pulled stay: traefik:v3.7 miniflux/miniflux:2.3.4');
    expect(answer.stdout).not.toContain('Warning:');
    await expectAsBefore();
  });
});

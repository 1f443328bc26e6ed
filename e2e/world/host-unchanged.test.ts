import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { attachWorld, runningWorlds } from './attach.ts';
import { worldsFolder } from './cache/layout.ts';
import { type HostState, readHostState } from './host-state.ts';
import { cgroupName } from './leftovers.ts';
import { isAlive, poll, startTimeOf } from './processes.ts';
import { startWorld, type World } from './world.ts';

const cli = fileURLToPath(new URL('cli.ts', import.meta.url));

/** Starts a container that publishes a port, so that the engine has written rules, links and control groups. */
async function useWorld(world: World): Promise<void> {
  const ran = await world.docker(['run', '-d', '--name', 'web', '-p', '80:8080', 'lab/web:1']);
  expect(ran, 'docker run').toMatchObject({ code: 0 });
  const page = await poll(async () => {
    const answer = await world.httpGet('http://10.77.0.11/');
    return answer.ok ? answer : undefined;
  });
  expect(page?.body).toBe('lab/web 1\n');
}

const cgroupsOf = (id: string): string[] =>
  ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((d) => join('/sys/fs/cgroup', d))]
    .map((d) => join(d, cgroupName(id)))
    .filter((d) => existsSync(d));

/** Processes of this machine that live in that pid namespace. */
function processesIn(pidNamespace: string): number[] {
  return (
    readdirSync('/proc')
      .filter((p) => /^\d+$/.test(p))
      .map(Number)
      .filter((p) => pidNamespaceOf(p) === pidNamespace)
      // One that has ended and waits to be reaped by a careless process 1 is not running any more.
      .filter((p) => isAlive(p, startTimeOf(p) ?? ''))
  );
}

function pidNamespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** Compared one by one, so that a failure names what differs. */
function expectSame(now: HostState, before: HostState, when: string): void {
  for (const [what, lines] of Object.entries(before)) expect(now[what], `${what} ${when}`).toEqual(lines);
}

it('LAB-1: two worlds at once change nothing on the host, neither while they run nor after', async () => {
  const before = readHostState();
  const [one, two] = await Promise.all([startWorld(), startWorld()]);
  try {
    await Promise.all([useWorld(one), useWorld(two)]);
    expectSame(readHostState(), before, 'while two worlds run');
    const names = async (w: World) => (await w.docker(['ps', '-q', '--no-trunc'])).stdout;
    expect(await names(one)).not.toBe(await names(two));
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
  expectSame(readHostState(), before, 'after both have stopped');
  for (const { id, folder } of [one, two]) {
    expect(existsSync(folder)).toBe(false);
    expect(cgroupsOf(id)).toEqual([]);
  }
  // The first test of the lab on a bare machine: it also brings every part into the cache.
}, 1_200_000);

async function startByCli(id: string): Promise<{ pid: number; exited: Promise<number | null> }> {
  const child = spawn(process.execPath, [cli, 'up', '--id', id], { stdio: 'ignore', detached: true });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const up = await poll(() => runningWorlds().find((w) => w.id === id), 60_000);
  expect(up, 'the world of the command').toBeDefined();
  return { pid: child.pid ?? 0, exited };
}

it('LAB-2: kill -9 of the starter ends every process of its world; the next start removes what is left', async () => {
  const before = readHostState();
  const id = `k${process.pid}`;
  const starter = await startByCli(id);
  const world = attachWorld(id);
  await world.docker(['run', '-d', '--init', 'lab/web:1']);
  const init = runningWorlds().find((w) => w.id === id)?.init ?? { pid: 0, startTime: '' };
  const namespaces = [pidNamespaceOf(init.pid) ?? '', readlinkSync(world.nodePath('/proc/1/ns/pid'))];
  expect(namespaces.flatMap(processesIn).length).toBeGreaterThan(5);
  process.kill(starter.pid, 'SIGKILL');
  await starter.exited;
  const gone = await poll(() => namespaces.flatMap(processesIn).length === 0 || undefined, 10_000);
  expect(gone, 'processes of the world are gone').toBe(true);
  expect(isAlive(init.pid, init.startTime)).toBe(false);

  const next = await startWorld();
  try {
    expect(existsSync(join(worldsFolder(), id))).toBe(false);
    expect(cgroupsOf(id)).toEqual([]);
  } finally {
    await next.stop();
  }
  expectSame(readHostState(), before, 'after a killed world and the next');
});

it('LAB-3: Ctrl-C stops a world and leaves nothing', async () => {
  const id = `c${process.pid}`;
  const starter = await startByCli(id);
  process.kill(starter.pid, 'SIGINT');
  expect(await starter.exited).toBe(0);
  expect(existsSync(join(worldsFolder(), id))).toBe(false);
  expect(cgroupsOf(id)).toEqual([]);
});

import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from './processes.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ note: console.error });
});
afterAll(async () => {
  await world?.stop();
});

const healthOf = async (container: string): Promise<string> =>
  (await world.docker(['inspect', '-f', '{{.State.Health.Status}}', container])).stdout.trim();

async function waitFor(container: string, health: string): Promise<void> {
  const seen = await poll(async () => ((await healthOf(container)) === health ? true : undefined), 60_000);
  const logs = await world.docker(['logs', container]);
  expect(seen, `${container} becomes ${health}; its log: ${logs.stdout}${logs.stderr}`).toBe(true);
}

describe('the lab', () => {
  it('LAB-4: the node has engine 28.5, Compose v5, the pinned Node and the product, and is a host of its own', async () => {
    const engine = await world.docker(['version', '-f', '{{.Server.Version}} {{.Server.APIVersion}}']);
    expect(engine.stdout).toMatch(/^28\.5\.\S+ 1\.51$/m);
    expect((await world.docker(['compose', 'version', '--short'])).stdout).toContain('5.6.0');
    expect((await world.exec('n1', ['node', '-v'])).stdout.trim()).toBe(process.version);
    expect((await world.exec('n1', ['ls', '/opt/overseer'])).stdout).toContain('package.json');
    expect((await world.exec('n1', ['touch', '/opt/overseer/x'])).stderr).toContain('Read-only');
    expect((await world.exec('n1', ['hostname'])).stdout.trim()).toBe('n1');
  });

  it('LAB-5: an exec in a container sees the image, not the machine', async () => {
    await world.docker(['run', '-d', '--name', 'sh', '--init', 'busybox:1.36', 'sleep', '600']);
    const seen = await world.docker(['exec', 'sh', 'ls', '/']);
    expect(seen.stdout).not.toContain('opt');
    expect(seen.stdout).toContain('bin');
  });

  it('LAB-6: input, environment, exit code and time limit of exec are kept', async () => {
    for (const place of ['hub', 'n1'] as const) {
      const ran = await world.exec(place, ['sh', '-c', 'cat; echo "$A"; exit 7'], { input: 'in\n', env: { A: 'b c' } });
      expect(ran).toMatchObject({ code: 7, stdout: 'in\nb c\n' });
      const slow = await world.exec(place, ['sleep', '60'], { timeoutMs: 200 });
      expect(slow.tookMs).toBeLessThan(10_000);
      expect(slow.code).not.toBe(0);
    }
  });

  it('LAB-7: a started program is killed by its handle, not only the way to it', async () => {
    for (const place of ['hub', 'n1'] as const) {
      const sleeper = await world.spawn(place, ['sleep', '600']);
      expect(sleeper.isRunning()).toBe(true);
      sleeper.kill('SIGKILL');
      await sleeper.exited;
      expect(existsSync(`/proc/${sleeper.pid}`)).toBe(false);
    }
  });

  it('LAB-8: postgres:18 takes its password from a file and keeps its data on the public volume path', async () => {
    await world.exec('n1', ['sh', '-c', 'mkdir -p /srv && printf pw-from-file > /srv/pw']);
    // By TCP: while the image sets up a new database it answers on its local socket only.
    const common = [
      '--health-cmd',
      'pg_isready -h 127.0.0.1 -U app',
      '--health-interval',
      '1s',
      '--health-retries',
      '60',
    ];
    const options = ['-e', 'POSTGRES_USER=app', '-e', 'POSTGRES_DB=app', '-v', 'pg:/var/lib/postgresql'];
    const secret = ['-v', '/srv/pw:/pw:ro', '-e', 'POSTGRES_PASSWORD_FILE=/pw'];
    await world.docker(['run', '-d', '--name', 'pg', ...common, ...options, ...secret, 'postgres:18']);
    await waitFor('pg', 'healthy');
    // By its own address: pg_hba trusts 127.0.0.1, as the public image does.
    const psql = 'psql -h "$(hostname -i)" -U app -tAc "$SQL"';
    const byTcp = (password: string, sql: string) =>
      world.docker(['exec', '-e', `PGPASSWORD=${password}`, '-e', `SQL=${sql}`, 'pg', 'sh', '-c', psql]);
    expect((await byTcp('wrong', 'select 1')).code).not.toBe(0);
    expect((await byTcp('pw-from-file', 'create table t(a int); insert into t values (7)')).stderr).toBe('');
    await world.docker(['rm', '-f', 'pg']);
    await world.docker(['run', '-d', '--name', 'pg', ...common, ...options, ...secret, 'postgres:18']);
    await waitFor('pg', 'healthy');
    expect((await byTcp('pw-from-file', 'select a from t')).stdout.trim()).toBe('7');
    const bare = await world.docker(['run', '--rm', 'postgres:18']);
    expect(bare.stderr).toContain('POSTGRES_PASSWORD');
  });

  it('LAB-9: redis:8 runs as its user, is reachable from others and takes flags', async () => {
    await world.docker(['network', 'create', 'r']);
    await world.docker(['run', '-d', '--name', 'redis', '--network', 'r', 'redis:8', '--requirepass', 'pw']);
    const ping = await poll(async () => {
      const answer = await world.docker([
        'run',
        '--rm',
        '--network',
        'r',
        'redis:8',
        'redis-cli',
        '-h',
        'redis',
        'ping',
      ]);
      return answer.stdout.includes('NOAUTH') ? answer.stdout : undefined;
    });
    expect(ping).toContain('NOAUTH');
    expect((await world.docker(['exec', 'redis', 'ps'])).stdout).toMatch(/redis\s+redis-server/);
  });

  it('LAB-10: lab/web becomes healthy, turns bad, stays bad or exits, as its tag says', async () => {
    for (const tag of ['2', 'nonroot', 'shell', 'turns-bad', 'never-healthy', 'exits']) {
      await world.docker(['run', '-d', '--name', `web-${tag}`, `lab/web:${tag}`]);
    }
    for (const tag of ['2', 'nonroot', 'shell']) await waitFor(`web-${tag}`, 'healthy');
    for (const tag of ['turns-bad', 'never-healthy']) await waitFor(`web-${tag}`, 'unhealthy');
    expect((await world.docker(['wait', 'web-exits'])).stdout.trim()).toBe('3');
    expect((await world.docker(['exec', 'web-2', '/web', 'env', 'WEB_VERSION'])).stdout.trim()).toBe('2');
  });

  it('LAB-11: records written to the Cloudflare double are answered by the DNS at once', async () => {
    expect((await world.resolve('late.lab.example', 'A')).rcode).toBe('NXDOMAIN');
    const put = { type: 'A', name: 'late.lab.example', content: world.node.ipv4 };
    await world.cloudflareControl('putRecord', 'lab.example', put);
    expect((await world.resolve('late.lab.example', 'A')).answers[0]?.data).toBe('10.77.0.11');
    const inNode = await world.exec('n1', ['getent', 'ahostsv4', 'late.lab.example']);
    expect(inNode.stdout).toContain('10.77.0.11');
    expect((await world.resolve('lab.example', 'SOA')).answers[0]?.type).toBe('SOA');
  });

  it('LAB-12: a power cut ends containers and empties memory, the disks are as they were at the next boot', async () => {
    await world.docker(['run', '-d', '--name', 'always', '--restart', 'always', 'lab/web:3']);
    await world.exec('n1', ['sh', '-c', 'echo kept > /var/lib/overseer/on-disk; echo lost > /run/in-memory']);
    await world.node.powerCut();
    await expect(world.exec('n1', ['true'])).rejects.toThrow('switched off');
    await world.node.powerOn();
    expect((await world.readNodeFile('/var/lib/overseer/on-disk')).toString()).toBe('kept\n');
    expect(existsSync(world.nodePath('/run/in-memory'))).toBe(false);
    await waitFor('always', 'healthy');
  });

  it('LAB-13: the node cannot reach beyond the lab', async () => {
    const tried = await world.exec('n1', [
      'node',
      '-e',
      'fetch("http://192.0.2.1/",{signal:AbortSignal.timeout(3000)})',
    ]);
    expect(tried.code).not.toBe(0);
  });
});

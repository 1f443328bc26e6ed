import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startWorld, type World } from '#world/world.ts';

/** The catalogue without Overseer: each compose.yaml run on the node as its first comment says. */
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const onNode = async (script: string) => {
  const done = await world.exec('n1', ['bash', '-ec', script], { timeoutMs: 240_000 });
  return { ...done, all: done.stdout + done.stderr };
};

/** The commands of the comment, up to the one that starts the app. `openssl` stands in for the program of that name. */
function commandsByHand(compose: string): string {
  const lines = [...compose.matchAll(/^# {3}(\S.*)$/gm)].map((match) => match[1] ?? '');
  const random = `openssl() { head -c "$3" /dev/urandom | od -An -tx1 | tr -d ' \\n'; echo; }`;
  return [random, ...lines]
    .join('\n')
    .replace(/docker compose up -d.*/, 'docker compose up -d --wait --wait-timeout 120');
}

async function startByHand(id: string, context: TestContext, env = ''): Promise<void> {
  const compose = readFileSync(`catalog/${id}/compose.yaml`, 'utf8');
  for (const [, image = ''] of compose.matchAll(/^ +image: (\S+)$/gm)) {
    const pulled = await world.docker(['pull', '--quiet', image], { timeoutMs: 120_000 });
    if (pulled.code !== 0) context.skip(`the lab's registry has no ${image}`);
  }
  const folder = `/tmp/by-hand/${id}`;
  const started = await onNode(
    `mkdir -p ${folder}; cd ${folder}; cp /opt/overseer/catalog/${id}/compose.yaml .; umask 022; ${env}\n${commandsByHand(compose)}`,
  );
  expect(started.code, started.all).toBe(0);
}

const inFolder = (id: string, script: string) => onNode(`cd /tmp/by-hand/${id}; ${script}`);

describe('the catalogue by hand', () => {
  it('miniflux answers, and takes its own password', async (context) => {
    await startByHand('miniflux', context, 'export PORT=18080 ADMIN_USERNAME=ann');
    const asked = await inFolder(
      'miniflux',
      `node -e "fetch('http://127.0.0.1:18080/v1/me',{headers:{authorization:'Basic '+btoa('ann:'+process.argv[1])}}).then(r=>r.text()).then(console.log)" "$(cat secrets/admin_password)"`,
    );
    expect(asked.all).toContain('"username":"ann"');
    const dumped = await inFolder(
      'miniflux',
      'docker compose exec -T db pg_dump --username=miniflux --format=custom miniflux | wc -c',
    );
    expect(Number(dumped.stdout)).toBeGreaterThan(10_000);
  });

  it('postgres takes the chosen user and database, and asks for the password', async (context) => {
    await startByHand('postgres', context, 'export PORT=15432 POSTGRES_USER=ann POSTGRES_DB=shop');
    const query =
      'docker compose exec -T -e PGPASSWORD="$P" postgres psql -h postgres -U ann -d shop -tAc "select 40 + 2"';
    const names = 'export POSTGRES_USER=ann POSTGRES_DB=shop;';
    expect((await inFolder('postgres', `${names} P="$(cat secrets/password)"; ${query}`)).stdout).toBe('42\n');
    expect((await inFolder('postgres', `${names} P=wrong; ${query}`)).all).toContain('password authentication failed');
  });

  it('redis asks for the password and shows it in no argument', async (context) => {
    await startByHand('redis', context, 'export PORT=16379 MAX_MEMORY_MB=64 EVICTION=allkeys-lru');
    expect((await inFolder('redis', 'docker compose exec -T redis redis-cli ping')).all).toContain('NOAUTH');
    const asked = await inFolder(
      'redis',
      'docker compose exec -T -e REDISCLI_AUTH="$(cat secrets/password)" redis redis-cli config get maxmemory',
    );
    expect(asked.stdout).toContain(String(64 * 1024 * 1024));
    const inspected = await inFolder('redis', 'docker inspect $(docker compose ps -q); docker compose top');
    const password = (await inFolder('redis', 'cat secrets/password')).stdout.trim();
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(inspected.all).not.toContain(password);
  });

  it('uptime-kuma answers', async (context) => {
    await startByHand('uptime-kuma', context, 'export PORT=13001');
    const asked = await onNode(`node -e "fetch('http://127.0.0.1:13001/robots.txt').then(r=>console.log(r.status))"`);
    expect(asked.stdout).toBe('200\n');
  });
});

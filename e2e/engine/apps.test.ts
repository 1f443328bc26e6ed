import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Driver, goodRelease, idOf, quickHealth, startDriver, webBody } from './driver.ts';

let driver: Driver;
const canary = 'canary-4f1d8c2e77';
const sealed = (name: string) => createHash('sha256').update(name).digest('hex');
const containersOf = async (appId: string) => (await driver.ps()).filter((one) => one.name.startsWith(`ov-${appId}-`));
const inspect = async (name: string) => (await driver.world.docker(['inspect', name])).stdout;

beforeAll(async () => {
  driver = await startDriver();
});
afterAll(async () => {
  await driver?.world.stop();
});

/** A service with a volume and a secret that its program knows only as a variable. */
function keeperBody(tag: string, more: Record<string, unknown> = {}) {
  return webBody(tag, {
    compose: `services:\n  web:\n    image: lab/web:${tag}\n    stop_grace_period: 2s\n${quickHealth}    environment: {DATA_DIR: /data, LEVEL: "\${LEVEL}"}\n    volumes: ['data:/data']\nvolumes:\n  data:\n`,
    env: { LEVEL: 'a$b "c" \\d' },
    secrets: [{ name: 'token', sha256: sealed('token'), uses: [{ as: 'env', service: 'web', env: 'TOKEN' }] }],
    ...more,
  });
}

describe('apps on a real engine', () => {
  it('P7: a secret reaches the program as a variable, and stands in no definition, log, argv or disk', async () => {
    for (const tag of ['nonroot', 'shell']) {
      const appId = idOf(`secret-${tag}`);
      const answer = await driver.call({ do: 'apply', appId, body: keeperBody(tag), secrets: { token: canary } });
      expect(answer, tag).toMatchObject({ outcome: 'succeeded', fault: null });
      const name = `ov-${appId}-web-1`;
      expect(
        (
          await driver.world.docker([
            'exec',
            name,
            '/.overseer/launch',
            '--env',
            'T=/.overseer/env/TOKEN',
            '--',
            '/web',
            'env',
            'T',
          ])
        ).stdout.trim(),
      ).toBe(canary);
      expect(await inspect(name)).not.toContain(canary);
      expect(await inspect(name)).toContain('a$b');
      const found = await driver.world.exec('n1', [
        'grep',
        '-rlF',
        canary,
        '/var/lib/overseer',
        '/var/lib/docker/containers',
        '/var/lib/docker/volumes',
      ]);
      expect(found.stdout).toBe('');
      const lines = await driver.call({ do: 'logs', appId });
      expect(JSON.stringify(lines)).not.toContain(canary);
    }
  });

  it('P3: after a power cut secrets come back to memory and the app runs again', async () => {
    const appId = idOf('secret-nonroot');
    await driver.world.node.powerCut();
    await driver.world.node.powerOn();
    const body = keeperBody('nonroot');
    expect(await driver.call({ do: 'restoreSecrets', appId, body, secrets: { token: canary } })).toMatchObject({
      type: 'restored',
    });
    expect(await driver.call({ do: 'repair', appId, body, secrets: { token: canary } })).toMatchObject({ value: true });
    expect((await containersOf(appId)).map((one) => one.status)[0]).toContain('healthy');
  });

  it('P6: an app with data is away for a while, which is measured, and returns to the last good release by itself', async () => {
    const appId = idOf('keeper');
    const secrets = { token: canary };
    const body = keeperBody('1');
    const first = await driver.call({ do: 'apply', appId, body, secrets });
    expect(first).toMatchObject({ outcome: 'succeeded', awayMs: null });
    const second = await driver.call({
      do: 'apply',
      appId,
      number: 2,
      body: keeperBody('2'),
      secrets,
      previousGood: goodRelease(body, first),
    });
    expect(second.outcome).toBe('succeeded');
    expect(second.awayMs).toBeGreaterThan(200);
    const good = goodRelease(keeperBody('2'), second, 2);
    const policies = { healthTimeoutMs: 40_000, settleMs: 12_000 };
    const third = await driver.call({
      do: 'apply',
      appId,
      number: 3,
      body: keeperBody('turns-bad', { policies }),
      secrets,
      previousGood: good,
    });
    expect(third).toMatchObject({ outcome: 'rolled-back', fault: { code: 'app.unhealthy' } });
    expect(third.awayMs).toBeGreaterThan(1_000);
    const [only, ...others] = await containersOf(appId);
    expect(others).toEqual([]);
    expect(only?.status).toContain('healthy');
    const shown = await driver.world.docker(['inspect', '-f', '{{json .Config.Labels}}', only?.id ?? '']);
    expect(shown.stdout).toContain('"dev.overseer.release"');
    expect(
      await driver.call({ do: 'apply', appId, number: 4, body: keeperBody('exits'), secrets, previousGood: good }),
    ).toMatchObject({ outcome: 'rolled-back' });
  });

  it('P4: removal keeps volumes, deletes those that it names, and leaves nothing else', async () => {
    const appId = idOf('keeper');
    const removed = keeperBody('2', { state: 'removed' });
    expect(
      await driver.call({ do: 'apply', appId, number: 8, body: { ...removed, deleteVolumes: ['other'] } }),
    ).toMatchObject({ outcome: 'failed', fault: { code: 'volume.unknown' } });
    expect(await containersOf(appId)).toHaveLength(1);
    expect(await driver.call({ do: 'apply', appId, number: 9, body: removed })).toMatchObject({ outcome: 'succeeded' });
    const volume = `ov_${appId}_data`;
    expect((await driver.call({ do: 'volumes', appId })).value).toEqual([
      { name: volume, sizeBytes: expect.any(Number) },
    ]);
    expect(
      await driver.call({ do: 'apply', appId, number: 10, body: { ...removed, deleteVolumes: ['data'] } }),
    ).toMatchObject({ outcome: 'succeeded' });
    expect((await driver.world.docker(['volume', 'ls', '-q'])).stdout).not.toContain(appId);
    expect((await driver.world.docker(['network', 'ls'])).stdout).not.toContain(appId);
    expect((await driver.world.exec('n1', ['ls', '/run/overseer/secrets'])).stdout).not.toContain(appId);
  });

  it('P4: a container, volume or network of our name that we did not make is refused and not touched, also with our labels', async () => {
    const appId = idOf('foreign');
    const labels = ['--label', `dev.overseer.fleet=${'f'.repeat(64)}`, '--label', `dev.overseer.app=${appId}`];
    await driver.world.docker([
      'run',
      '-d',
      '--name',
      `ov-${appId}-web-1`,
      ...labels,
      '--label',
      `com.docker.compose.project=ov-${appId}`,
      'lab/web:1',
    ]);
    const before = await inspect(`ov-${appId}-web-1`);
    const answer = await driver.call({ do: 'apply', appId, body: webBody('2') });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code: 'own.foreign-object', kind: 'conflict' } });
    const gone = await driver.call({ do: 'apply', appId, body: webBody('2', { state: 'removed' }) });
    expect(gone).toMatchObject({ outcome: 'failed', fault: { code: 'own.foreign-object' } });
    expect(JSON.parse(await inspect(`ov-${appId}-web-1`))[0].State.StartedAt).toBe(
      JSON.parse(before)[0].State.StartedAt,
    );
    await driver.world.docker(['rm', '-f', `ov-${appId}-web-1`]);
    const volume = `ov_${appId}_data`;
    await driver.world.docker(['volume', 'create', volume]);
    expect(await driver.call({ do: 'apply', appId, body: keeperBody('1'), secrets: { token: canary } })).toMatchObject({
      fault: { code: 'own.foreign-object' },
    });
    expect((await driver.world.docker(['volume', 'inspect', volume])).stdout).toContain('"Labels": null');
    expect(await containersOf(appId)).toEqual([]);
  });

  it('a first release that fails leaves nothing running, its log can be read, and its data stays', async () => {
    const appId = idOf('fails');
    const answer = await driver.call({ do: 'apply', appId, body: webBody('exits') });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code: 'app.exited', detail: { exitCode: '3' } } });
    expect((await containersOf(appId)).map((one) => one.status)[0]).toContain('Exited');
    expect((await driver.call({ do: 'logs', appId })).lines?.join()).toContain('leaving');
  });

  it('a published port needs its signed exception; a taken one is named', async () => {
    const compose = 'services:\n  web:\n    image: lab/web:1\n    ports: ["8090:8080"]\n';
    const appId = idOf('lan');
    const bare = await driver.call({ do: 'apply', appId, body: webBody('1', { compose }) });
    expect(bare).toMatchObject({
      outcome: 'failed',
      fault: { code: 'gate.refused', detail: { rule: 'publish-port', line: '4', value: '8090:8080/tcp' } },
    });
    const exceptions = [{ rule: 'publish-port', service: 'web', value: '8090:8080/tcp', reason: 'LAN' }];
    expect(await driver.call({ do: 'apply', appId, body: webBody('1', { compose, exceptions }) })).toMatchObject({
      outcome: 'succeeded',
    });
    const second = await driver.call({ do: 'apply', appId: idOf('lan2'), body: webBody('1', { compose, exceptions }) });
    expect(second).toMatchObject({ outcome: 'failed', fault: { code: 'engine.port-taken', detail: { port: '8090' } } });
  });

  it('a followed log goes on with the containers of the next release', async () => {
    const appId = idOf('followed');
    const first = await driver.call({ do: 'apply', appId, body: webBody('1') });
    const following = await driver.spawn({ do: 'logs', appId, follow: true });
    const told = (line: string) => following.log().split(line).length - 1;
    await expect.poll(() => told('lab/web 1 listens'), { timeout: 60_000 }).toBe(1);
    await driver.call({
      do: 'apply',
      appId,
      number: 2,
      body: webBody('2'),
      previousGood: goodRelease(webBody('1'), first),
    });
    await expect.poll(() => told('lab/web 2 listens'), { timeout: 60_000 }).toBe(1);
    following.kill('SIGKILL');
    await following.exited;
    expect([told('lab/web 1 listens'), told('lab/web 2 listens')]).toEqual([1, 1]);
  });

  it('files of the stack are mounted from a path that holds their hash, and a changed one is a new container', async () => {
    const appId = idOf('files');
    const compose =
      'services:\n  web:\n    image: lab/web:1\n    environment: {WEB_FILE: /conf/a.txt}\n    volumes: ["./conf:/conf:ro"]\n    env_file: more.env\n    configs: [{source: c, target: /c.txt}]\nconfigs:\n  c: {file: ./conf/a.txt}\n';
    const body = (text: string) =>
      webBody('1', {
        compose,
        files: [
          { path: 'conf/a.txt', sha256: sealed(text) },
          { path: 'more.env', sha256: sealed('X=1\n') },
        ],
      });
    const objects = (text: string) => ({ a: text, b: 'X=1\n' });
    expect(await driver.call({ do: 'apply', appId, body: body('one'), objects: objects('one') })).toMatchObject({
      outcome: 'succeeded',
    });
    const [before] = await containersOf(appId);
    expect(
      await driver.call({ do: 'apply', appId, number: 2, body: body('one'), objects: objects('one') }),
    ).toMatchObject({ outcome: 'succeeded' });
    expect((await containersOf(appId))[0]?.id).toBe(before?.id);
    expect(
      await driver.call({ do: 'apply', appId, number: 3, body: body('two'), objects: objects('two') }),
    ).toMatchObject({ outcome: 'succeeded' });
    expect((await containersOf(appId))[0]?.id).not.toBe(before?.id);
    expect(await inspect(`ov-${appId}-web-1`)).toContain(`/var/lib/overseer/node/files/${appId}/`);
    const missing = await driver.call({ do: 'apply', appId, number: 4, body: body('three') });
    expect(missing).toMatchObject({ outcome: 'failed', fault: { code: 'release.object-missing' } });
  });

  it('more networks than the engine’s own pools hold: each has a subnet of ours', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `n${index}`);
    const networks = names.map((name) => `  ${name}:\n`).join('');
    const compose = `services:\n  web:\n    image: lab/web:1\n    networks: [${names.join()}]\nnetworks:\n${networks}`;
    const answer = await driver.call({ do: 'apply', appId: idOf('many'), body: webBody('1', { compose }) });
    expect(answer).toMatchObject({ outcome: 'succeeded' });
    const seen = await driver.world.docker([
      'network',
      'inspect',
      ...names.map((name) => `ov_${idOf('many')}_${name}`),
    ]);
    const subnets = (JSON.parse(seen.stdout) as { IPAM: { Config: { Subnet: string }[] } }[]).map(
      (one) => one.IPAM.Config[0]?.Subnet,
    );
    expect(new Set(subnets).size).toBe(6);
    for (const subnet of subnets) expect(subnet).toMatch(/^10\.213\.\d+\.\d+\/26$/);
  });

  it('runs Postgres and Miniflux together, with passwords in files', async () => {
    const appId = idOf('miniflux');
    const compose = `services:
  miniflux:
    image: miniflux/miniflux:2.3.4
    depends_on: {db: {condition: service_healthy}}
    environment: {DATABASE_URL_FILE: /run/secrets/url, RUN_MIGRATIONS: '1', CREATE_ADMIN: '1', ADMIN_USERNAME: admin, ADMIN_PASSWORD_FILE: /run/secrets/admin}
    healthcheck: {test: [CMD, /usr/bin/miniflux, -healthcheck, auto], interval: 2s, retries: 20}
  db:
    image: postgres:18
    environment: {POSTGRES_USER: m, POSTGRES_DB: m, POSTGRES_PASSWORD_FILE: /run/secrets/db}
    volumes: [db:/var/lib/postgresql]
    healthcheck: {test: [CMD, pg_isready, --quiet, --host=127.0.0.1, --username=m], interval: 1s, retries: 40}
volumes: {db: }
`;
    const use = (name: string, service: string) => ({
      name,
      sha256: sealed(name),
      uses: [{ as: 'file', service, path: `/run/secrets/${name}` }],
    });
    const secrets = { url: `postgres://m:${canary}@db/m?sslmode=disable`, admin: `${canary}-admin`, db: canary };
    const body = {
      ...webBody('1'),
      compose,
      images: {},
      secrets: [use('url', 'miniflux'), use('admin', 'miniflux'), use('db', 'db')],
      policies: { healthTimeoutMs: 120_000, settleMs: 500 },
    };
    const first = await driver.call({ do: 'apply', appId, body, secrets });
    expect(first).toMatchObject({ outcome: 'succeeded', fault: null });
    const names = (await containersOf(appId)).map((one) => one.id);
    const again = await driver.call({
      do: 'apply',
      appId,
      number: 2,
      body,
      secrets,
      previousGood: goodRelease(body, first),
    });
    expect(again).toMatchObject({ outcome: 'succeeded', awayMs: 0 });
    expect((await containersOf(appId)).map((one) => one.id)).toEqual(names);
    const removed = await driver.call({
      do: 'apply',
      appId,
      number: 3,
      body: { ...body, state: 'removed', deleteVolumes: ['db'] },
    });
    expect(removed).toMatchObject({ outcome: 'succeeded' });
    expect((await driver.world.docker(['volume', 'ls', '-q'])).stdout).not.toContain(appId);
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '#world/processes.ts';
import { type Driver, goodRelease, idOf, quickHealth, startDriver, webBody } from './driver.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await startDriver();
});
afterAll(async () => {
  await driver?.world.stop();
});

const compose = (tag: string) =>
  `services:\n  web:\n    image: lab/web:${tag}\n    stop_grace_period: 2s\n${quickHealth}    depends_on: {once: {condition: service_completed_successfully}}\n    volumes: ['data:/data']\n  once:\n    image: lab/web:1\n    command: [env, WEB_VERSION]\n    healthcheck: {disable: true}\nvolumes:\n  data:\n`;
const secrets = { token: 'canary-crash' };
const body = (tag: string) =>
  webBody(tag, {
    compose: compose(tag),
    images: {},
    secrets: [
      {
        name: 'token',
        sha256: createHash('sha256').update('token').digest('hex'),
        uses: [{ as: 'env', service: 'web', env: 'TOKEN' }],
      },
    ],
  });

describe('P5: kill -9 of the agent in the middle of an apply', () => {
  const appId = idOf('crash');
  it.each([
    ['gates', 'started'],
    ['files', 'started'],
    ['secrets', 'started'],
    ['pull', 'started'],
    ['start', 'started'],
    ['start', 'done'],
    ['health', 'progress'],
    ['health', 'done'],
  ])('at %s %s: the next try ends well, with one container and no orphan', async (step, state) => {
    const tag = ['gates', 'secrets', 'start'].includes(step) && state === 'started' ? '2' : '3';
    const call = { do: 'apply', appId, number: 2, body: body(tag), secrets };
    const running = await driver.spawn(call);
    const mark = `"step":"${step}","state":"${state}"`;
    const seen = await poll(
      () => (running.log().includes(mark) ? true : running.isRunning() ? undefined : false),
      60_000,
    );
    expect(seen, running.log()).toBe(true);
    running.kill('SIGKILL');
    await running.exited;
    const again = await driver.call(call);
    expect(again).toMatchObject({ outcome: 'succeeded', fault: null });
    const mine = (await driver.ps()).filter((one) => one.name.startsWith(`ov-${appId}-`));
    expect(mine.map((one) => one.name.replace(/-\d+$/, '')).sort()).toEqual([`ov-${appId}-once`, `ov-${appId}-web`]);
    const networks = await driver.world.docker(['network', 'ls', '--format', '{{.Name}}']);
    expect(networks.stdout.split('\n').filter((name) => name.includes(appId))).toEqual([`ov_${appId}_default`]);
    const processes = await driver.world.exec('n1', [
      'sh',
      '-c',
      'ls /proc/[0-9]*/comm | xargs cat 2>/dev/null | grep -c docker-compose || true',
    ]);
    expect(processes.stdout.trim()).toBe('0');
  });

  it('during a removal: the next try ends well, and what was to be kept is kept', async () => {
    const call = { do: 'apply', appId, number: 9, body: { ...body('3'), state: 'removed' } };
    const running = await driver.spawn(call);
    await poll(
      () =>
        running.log().includes('"step":"remove","state":"started"') ? true : running.isRunning() ? undefined : false,
      60_000,
    );
    running.kill('SIGKILL');
    await running.exited;
    expect(await driver.call(call)).toMatchObject({ outcome: 'succeeded' });
    expect((await driver.ps()).filter((one) => one.name.includes(appId))).toEqual([]);
    expect((await driver.world.docker(['volume', 'ls', '-q'])).stdout).toContain(`ov_${appId}_data`);
  });
});

describe('an engine that is not well', () => {
  const appId = idOf('engine');

  it('absent: a clear fault, and nothing half done', async () => {
    await driver.world.node.stopEngine('SIGTERM');
    const answer = await driver.call({ do: 'apply', appId, body: webBody('1') });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code: 'engine.absent', kind: 'transient' } });
    await driver.world.node.startEngine();
    expect(await driver.call({ do: 'apply', appId, body: webBody('1') })).toMatchObject({ outcome: 'succeeded' });
  });

  it('an image that the registry does not have is named', async () => {
    const ref = '10.77.0.10:5000/lab/web:nothing';
    const answer = await driver.call({ do: 'apply', appId, number: 2, body: webBody(ref) });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code: 'image.not-found' } });
    expect(answer.fault?.message).toContain(ref);
    expect((await driver.ps()).filter((one) => one.name.includes(appId))).toHaveLength(1);
  });

  it('a container that somebody changes is brought back, an app that was good is left alone', async () => {
    const first = await driver.call({ do: 'apply', appId, number: 3, body: webBody('1') });
    const request = { do: 'repair', appId, body: webBody('1'), previousGood: goodRelease(webBody('1'), first) };
    expect(await driver.call(request)).toMatchObject({ value: false });
    await driver.world.docker(['stop', `ov-${appId}-web-1`]);
    expect((await driver.call({ do: 'observe', appId, body: webBody('1') })).value.status).toBe('away');
    expect(await driver.call(request)).toMatchObject({ value: true });
    await driver.world.docker(['network', 'disconnect', '-f', `ov_${appId}_default`, `ov-${appId}-web-1`]);
    expect(await driver.call(request)).toMatchObject({ value: true });
    expect((await driver.call({ do: 'observe', appId, body: webBody('1') })).value.status).toBe('running');
  });
});

describe('a full disk', () => {
  it('is told as such, and the running release goes on', async () => {
    const appId = idOf('engine');
    const fill = await driver.world.exec('n1', [
      'sh',
      '-c',
      'mount -t tmpfs -o size=64k tmpfs /var/lib/overseer/node/files && echo ok',
    ]);
    expect(fill.stdout).toContain('ok');
    const text = 'x'.repeat(200_000);
    const files = [{ path: 'big.txt', sha256: createHash('sha256').update(text).digest('hex') }];
    const answer = await driver.call({
      do: 'apply',
      appId,
      number: 5,
      body: webBody('2', { files }),
      objects: { text },
    });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code: 'engine.disk-full', kind: 'transient' } });
    expect((await driver.call({ do: 'observe', appId, body: webBody('1') })).value.status).toBe('running');
    await driver.world.exec('n1', ['umount', '/var/lib/overseer/node/files']);
  });
});

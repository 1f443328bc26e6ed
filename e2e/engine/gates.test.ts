import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Driver, idOf, quickHealth, startDriver, webBody } from './driver.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await startDriver();
});
afterAll(async () => {
  await driver?.world.stop();
});

const service = (line: string) => `services:\n  web:\n    image: lab/web:1\n    ${line}\n`;
/** A variable as Compose files write it. */
const variable = (name: string) => `${'$'}{${name}}`;
const hostile: [what: string, compose: string, rule: string][] = [
  ['include by git', `include: ["https://10.77.0.10/x.git"]\n${service('init: true')}`, 'include'],
  ['a file of the host', service('env_file: /etc/hostname'), 'outside-path'],
  ['a remote extends', service('extends: {file: "https://10.77.0.10/c.yaml", service: x}'), 'extends'],
  ['a program of the host', service('provider: {type: touch, options: {x: y}}'), 'provider'],
  ['the socket of the engine', service('use_api_socket: true'), 'api-socket'],
  ['a hook', service('post_start: [{command: [id]}]'), 'hooks'],
  [
    'a config out of the environment',
    `${service('configs: [c]')}configs:\n  c: {environment: HOME}\n`,
    'environment-source',
  ],
];

describe('the gates on a real node', () => {
  it.each(hostile)('gate 1 refuses %s before Compose starts', async (what, compose, rule) => {
    const call = JSON.stringify({ do: 'apply', appId: idOf('hostile'), body: webBody('1', { compose }) });
    const trace = [
      'strace',
      '-f',
      '-qq',
      '-e',
      'trace=execve',
      '-o',
      '/tmp/trace',
      'node',
      '/opt/overseer/agent/node/apply/testing/drive.ts',
    ];
    const ran = await driver.world.exec('n1', trace, { input: `${call}\n` });
    expect(ran.stdout, what).toContain(`"rule":"${rule}"`);
    const seen = (await driver.world.exec('n1', ['cat', '/tmp/trace'])).stdout;
    expect(seen).toContain('execve');
    expect(seen).not.toMatch(/docker-compose|"git"|"touch"/);
    expect(await driver.ps()).toEqual([]);
  });

  it('gate 2 has no network, opens nothing outside its folder, and leaves nothing behind', async () => {
    const text = 'A=1\n';
    const compose = service('env_file: a.env');
    const files = [{ path: 'a.env', sha256: createHash('sha256').update(text).digest('hex') }];
    const call = JSON.stringify({
      do: 'apply',
      appId: idOf('walls'),
      body: webBody('nothing', { compose: compose.replace('web:1', 'web:nothing'), files, images: {} }),
      objects: { text },
    });
    const trace = [
      'strace',
      '-f',
      '-qq',
      '-e',
      'trace=execve,connect,openat',
      '-o',
      '/tmp/trace',
      'node',
      '/opt/overseer/agent/node/apply/testing/drive.ts',
    ];
    const ran = await driver.world.exec('n1', trace, { input: `${call}\n` });
    expect(ran.stdout).toContain('the Compose file passes all three gates"');
    const seen = (await driver.world.exec('n1', ['cat', '/tmp/trace'])).stdout.split('\n');
    const started = seen.findIndex((line) => /execve\(.*docker-compose/.test(line) && line.includes('= 0'));
    const pid = seen[started]?.split(' ')[0];
    expect(started).toBeGreaterThan(-1);
    const own = seen.slice(started).filter((line) => line.startsWith(`${pid} `));
    // Nothing but Compose would: the engine pulls, and it is not traced.
    expect(seen.filter((line) => line.includes('connect(') && line.includes('AF_INET'))).toEqual([]);
    const opened = own
      .map((line) => /openat\([^"]*"([^"]+)".*= \d+$/.exec(line)?.[1])
      .filter((path) => path?.startsWith('/'));
    const allowed =
      /^\/(run\/overseer\/gates\/|proc\/|sys\/|etc\/(localtime|nsswitch|passwd|ld\.so)|lib|usr\/(lib|share\/zoneinfo)|dev\/|usr\/local\/lib\/docker\/cli-plugins\/docker-compose$)/;
    expect(opened.filter((path) => !allowed.test(path ?? ''))).toEqual([]);
    expect((await driver.world.exec('n1', ['ls', '/run/overseer/gates'])).stdout).toBe('');
  });

  it('variables reach the app by the letter', async () => {
    const appId = idOf('letters');
    const value = `a$b ${variable('C')} "q" 's' \\d\n\tend # no comment`;
    const compose = service(`environment: {VALUE: "${variable('VALUE')}", PRICE: "5$$"}`);
    const body = webBody('1', { compose, env: { VALUE: value }, policies: { healthTimeoutMs: 40_000, settleMs: 0 } });
    expect(await driver.call({ do: 'apply', appId, body })).toMatchObject({ outcome: 'succeeded' });
    const seen = await driver.world.docker(['inspect', '-f', '{{json .Config.Env}}', `ov-${appId}-web-1`]);
    expect(JSON.parse(seen.stdout)).toEqual(expect.arrayContaining([`VALUE=${value}`, 'PRICE=5$']));
  });

  it.each([
    ['a variable for Compose itself', { env: { COMPOSE_FILE: '/etc/x' } }, 'compose.reserved-variable'],
    ['what Compose itself refuses', { compose: service('depends_on: [nobody]') }, 'compose.invalid'],
    ['a wrong type', { compose: service('restart: {}') }, 'compose.invalid'],
    [
      'a variable that opens a rule',
      { compose: service(`volumes: ["${variable('WHERE')}:/x"]`), env: { WHERE: '/var/run/docker.sock' } },
      'gate.refused',
    ],
    [
      'a variable that leaves the stack',
      { compose: service(`volumes: ["./${variable('WHERE')}:/x"]`), env: { WHERE: '../../../etc' } },
      'gate.refused',
    ],
    [
      'a folder of Overseer',
      {
        compose: service('volumes: ["/var/lib/overseer:/x"]'),
        exceptions: [{ rule: 'host-folder', service: 'web', value: '/var/lib/overseer:/x:rw', reason: 'r' }],
      },
      'gate.refused',
    ],
    [
      'an image that is not one',
      { compose: service('init: true').replace('lab/web:1', 'UPPER//x') },
      'image.not-found',
    ],
  ])('refuses %s', async (_, more, code) => {
    const answer = await driver.call({ do: 'apply', appId: idOf('refused'), body: webBody('1', more) });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code } });
    expect((await driver.ps()).filter((one) => one.name.includes(idOf('refused')))).toEqual([]);
  });

  describe('folders and devices that an owner opened', () => {
    const media = { appId: idOf('media'), name: 'media', what: 'folder', path: '/srv/media', readOnly: true };
    const full = { appId: idOf('full'), name: 'full', what: 'device', path: '/dev/full', readOnly: false };
    const openings = [media, full];
    const named = (rule: string, value: string) => [{ rule, service: 'web', value, reason: 'the films' }];
    const withMount = (mount: string) =>
      service(`volumes: ["${mount}"]`).replace('web:1', 'web:shell').concat('    stop_grace_period: 2s\n', quickHealth);
    const shellBody = (compose: string, exceptions: object[]) =>
      webBody('shell', { compose, exceptions, policies: { healthTimeoutMs: 40_000, settleMs: 0 } });

    beforeAll(async () => {
      await driver.world.exec('n1', ['sh', '-c', 'mkdir -p /srv/media && echo film > /srv/media/film']);
    });

    it('host-folder: an app sees the opened folder that its exception names, and can not write it', async () => {
      const appId = idOf('films');
      const body = shellBody(withMount('/srv/media:/media:ro'), named('host-folder', 'opened media:/media:ro'));
      expect(await driver.call({ do: 'apply', appId, body, openings })).toMatchObject({ outcome: 'succeeded' });
      const inside = (command: string) => driver.world.docker(['exec', `ov-${appId}-web-1`, 'sh', '-c', command]);
      expect((await inside('cat /media/film')).stdout).toBe('film\n');
      expect((await inside('echo x > /media/film')).code).not.toBe(0);
    });

    it('device: an app gets the opened device that its exception names, with those rights', async () => {
      const appId = idOf('device');
      const compose = service('devices: ["/dev/full:/dev/full:r"]').concat('    stop_grace_period: 2s\n', quickHealth);
      const body = webBody('1', { compose, exceptions: named('device', 'opened full:/dev/full:r') });
      expect(await driver.call({ do: 'apply', appId, body, openings })).toMatchObject({ outcome: 'succeeded' });
      const seen = await driver.world.docker(['inspect', '-f', '{{json .HostConfig.Devices}}', `ov-${appId}-web-1`]);
      expect(JSON.parse(seen.stdout)).toEqual([
        { PathOnHost: '/dev/full', PathInContainer: '/dev/full', CgroupPermissions: 'r' },
      ]);
      const other = shellBody(withMount('/srv/media:/media:ro'), named('device', 'opened full:/dev/full:r'));
      expect(await driver.call({ do: 'apply', appId: idOf('other'), body: other, openings })).toMatchObject({
        fault: { code: 'gate.refused', detail: { rule: 'host-folder' } },
      });
    });

    it('what is closed is refused before anything starts, and what only names it by its path as well', async () => {
      const appId = idOf('closed');
      const body = shellBody(withMount('/srv/media:/media:ro'), named('host-folder', 'opened media:/media:ro'));
      const closed = await driver.call({ do: 'apply', appId, body });
      expect(closed).toMatchObject({ outcome: 'failed', fault: { code: 'opening.not-open' } });
      expect(closed.fault?.next).toContain('overseer nodes open folder media');
      const wider = shellBody(withMount('/srv/media:/media'), named('host-folder', 'opened media:/media:ro'));
      expect(await driver.call({ do: 'apply', appId, body: wider, openings })).toMatchObject({
        fault: { code: 'gate.refused', detail: { rule: 'host-folder' } },
      });
      expect((await driver.ps()).filter(({ name }) => name.includes(appId))).toEqual([]);
    });

    it('host-system: an opened or signed folder that has become a link is not mounted', async () => {
      const swap = 'rm -rf /srv/swapped && mkdir -p /srv/swapped';
      await driver.world.exec('n1', ['sh', '-c', `${swap} && ln -s /etc /srv/swapped/etc`]);
      const evil = { ...media, name: 'evil', path: '/srv/swapped/etc' };
      const mount = withMount('/srv/swapped/etc:/media:ro');
      const attempts: [object[], string][] = [
        [named('host-folder', 'opened evil:/media:ro'), 'opening.bad-path'],
        [named('host-folder', '/srv/swapped/etc:/media:ro'), 'gate.link-to-system'],
      ];
      for (const [exceptions, code] of attempts) {
        const about = exceptions === attempts[0]?.[0] ? { openings: [evil] } : {};
        const answer = await driver.call({
          do: 'apply',
          appId: idOf('link'),
          body: shellBody(mount, exceptions),
          ...about,
        });
        expect(answer).toMatchObject({ outcome: 'failed', fault: { code } });
      }
      expect((await driver.ps()).filter(({ name }) => name.includes(idOf('link')))).toEqual([]);
    });

    it('opens a folder where it lies, and neither a link, a disk nor a folder that rules the node', async () => {
      const open = (what: string, path: string) =>
        driver.call({
          do: 'apply',
          appId: idOf(`open ${path}`),
          body: { v: 1, kind: 'opening', name: 'x', state: 'running', what, path, readOnly: false },
        });
      expect(await open('folder', '/srv/media')).toMatchObject({ outcome: 'succeeded' });
      expect(await open('device', '/dev/full')).toMatchObject({ outcome: 'succeeded' });
      for (const path of [
        '/',
        '/etc',
        '/proc',
        '/run/docker.sock',
        '/var/lib/overseer',
        '/srv/swapped/etc',
        '/srv/none',
      ])
        expect(await open('folder', path), path).toMatchObject({ fault: { code: 'opening.bad-path' } });
      await driver.world.exec('n1', ['sh', '-c', 'mknod /dev/lab-disk b 7 200']);
      for (const path of ['/dev/lab-disk', '/dev/mem', '/dev/shm', '/dev/none'])
        expect(await open('device', path), path).toMatchObject({ fault: { code: 'opening.bad-path' } });
      await driver.world.exec('n1', ['rm', '-f', '/dev/lab-disk']);
    });
  });
});

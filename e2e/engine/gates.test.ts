import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Driver, idOf, startDriver, webBody } from './driver.ts';

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
});

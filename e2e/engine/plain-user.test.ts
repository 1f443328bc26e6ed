import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Driver, idOf, type Said, startDriver, webBody } from './driver.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await startDriver();
});
afterAll(async () => {
  await driver?.world.stop();
});

/** The driver as user 1000 who may use the engine, with folders of its own. */
async function callAsUser(calls: object[]): Promise<Said[]> {
  const { world } = driver;
  await world.exec('n1', ['sh', '-c', 'mkdir -p /home/me /run/user/1000 && chown 1000:1000 /home/me /run/user/1000']);
  const group = (await world.exec('n1', ['stat', '-c', '%g', '/run/docker.sock'])).stdout.trim();
  const user = ['setpriv', '--reuid', '1000', '--regid', '1000', '--groups', group];
  const env = { HOME: '/home/me', DRIVE_DATA: '/home/me/node', DRIVE_RUN: '/run/user/1000/overseer' };
  const program = ['node', '/opt/overseer/agent/node/apply/testing/drive.ts'];
  const input = calls.map((call) => `${JSON.stringify(call)}\n`).join('');
  const ran = await world.exec('n1', [...user, ...program], { env, input, timeoutMs: 240_000 });
  const said = ran.stdout.split('\n').filter((line) => line.startsWith('{'));
  return said.map((line) => JSON.parse(line) as Said).filter((one) => one.type !== 'step');
}

describe('a node of a plain user', () => {
  it('serves an app with a secret on high ports, without root', async () => {
    const ingress = {
      ...{ v: 1, kind: 'ingress', name: 'ingress', state: 'running', image: { ref: 'traefik:v3.7', digest: null } },
      ...{ httpPort: 8080, httpsPort: 8443, acme: null, policies: { healthTimeoutMs: 60_000, settleMs: 500 } },
    };
    const sha256 = createHash('sha256').update('token').digest('hex');
    const body = webBody('nonroot', {
      secrets: [{ name: 'token', sha256, uses: [{ as: 'env', service: 'web', env: 'TOKEN' }] }],
      routes: [{ routeId: idOf('user-route'), hostname: 'user.lab.example', service: 'web', port: 8080, tls: 'off' }],
    });
    const said = await callAsUser([
      { do: 'apply', appId: idOf('user-ingress'), body: ingress },
      { do: 'apply', appId: idOf('user-app'), body, secrets: { token: 'canary-user' } },
    ]);
    expect(said.slice(1)).toMatchObject([
      { outcome: 'succeeded', fault: null },
      { outcome: 'succeeded', fault: null },
    ]);
    await driver.world.cloudflareControl('putRecord', 'lab.example', {
      type: 'A',
      name: 'user.lab.example',
      content: '10.77.0.11',
    });
    const shown = await driver.world.httpGet('http://user.lab.example:8080/');
    expect(shown).toMatchObject({ ok: true, status: 200, body: 'lab/web nonroot\n' });
    const foreign = await driver.world.exec('n1', ['find', '/home/me', '/run/user/1000', '-user', 'root']);
    expect(foreign.stdout).toBe('');
    const removed = await callAsUser([
      { do: 'apply', appId: idOf('user-app'), number: 2, body: { ...body, state: 'removed' } },
      { do: 'apply', appId: idOf('user-ingress'), number: 2, body: { ...ingress, state: 'removed' } },
    ]);
    expect(removed.slice(1).map((one) => one.outcome)).toEqual(['succeeded', 'succeeded']);
    expect(await driver.ps()).toEqual([]);
  });
});

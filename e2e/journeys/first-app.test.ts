import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { bringUpFleet, createLabFleet, enableIngressAndDns, type LabFleet, productFolder } from './lab-fleet.ts';
import { createOutside, type Outside } from './proofs.ts';

const HOST = 'feeds.lab.example';

let world: World;
let fleet: LabFleet;
let outside: Outside;
let joinToOnlineMs: number;

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  outside = createOutside(fleet);
  ({ joinToOnlineMs } = await bringUpFleet(fleet));
});
afterAll(() => world?.stop());

interface Job {
  outcome: string;
  number: number;
}

const deploy = (...args: string[]) => fleet.ask<Job>(['apps', 'deploy', 'feeds', ...args, '--yes'], 300_000);

describe('from a joined node to an app at its own address', () => {
  it('AC1: the first heartbeat arrives within 10 s of the join', async () => {
    expect(joinToOnlineMs).toBeLessThan(10_000);
    const [node] = await fleet.ask<
      { name: string; status: string; facts: { dockerVersion: string; composeVersion: string } }[]
    >(['nodes', 'list']);
    expect(node).toMatchObject({ name: 'n1', status: 'online' });
    expect(node?.facts.dockerVersion).toMatch(/^28\./);
    expect(node?.facts.composeVersion).toMatch(/5\.6\.0/);
  });

  it('AC2: an app from the catalogue is deployed', async () => {
    await enableIngressAndDns(fleet);
    const job = await deploy('--catalog', 'miniflux', '--node', 'n1', '--host', HOST);
    expect(job).toMatchObject({ outcome: 'succeeded', number: 1 });
    expect((await world.docker(['ps', '--format', '{{.Image}} {{.Status}}'])).stdout).toMatch(/miniflux.*healthy/);
  });

  it('AC3: the DNS record was made in Cloudflare’s API, with our mark', async () => {
    const record = (await outside.records()).find((line) => line.startsWith(`${HOST} A `));
    expect(record).toMatch(new RegExp(`^${HOST} A ${world.node.ipv4} ov1:`));
    expect(await outside.address(HOST)).toBe(world.node.ipv4);
  });

  it('AC4: Traefik routes HTTPS with no manual edit, and http leads to it', async () => {
    const [route] = await fleet.ask<{ hostname: string; status: string }[]>(['routes', 'list']);
    expect(route).toMatchObject({ hostname: HOST, status: 'enabled' });
    const plain = await world.httpGet(`http://${HOST}/`);
    expect(plain.ok && [301, 302, 307, 308].includes(plain.status) && plain.headers.location).toBe(`https://${HOST}/`);
  });

  it('AC5: the app is reachable with valid TLS', async () => {
    const page = await outside.page(`https://${HOST}/`);
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/miniflux/i);
    expect(page.issuer).toMatch(/pebble/i);
  });

  it('AC6: logs, redeploy and rollback work', async () => {
    const logs = await fleet.cli(['apps', 'logs', 'feeds', '--tail', '50']);
    expect([logs.code, logs.stdout]).toEqual([0, expect.stringMatching(/\S/)]);
    expect(await deploy('--input', 'log_level=debug')).toMatchObject({ outcome: 'succeeded', number: 2 });
    expect(await fleet.ask<Job>(['apps', 'rollback', 'feeds', '--yes'], 300_000)).toMatchObject({
      outcome: 'succeeded',
      number: 3,
    });
    expect((await outside.page(`https://${HOST}/`)).status).toBe(200);
  });

  it('AC7: every action stands in the audit log, and the log verifies without the core', async () => {
    const entries = await fleet.ask<{ action: string; outcome: string }[]>(['audit', 'list']);
    const times = (action: string) =>
      entries.filter((entry) => entry.action === action && entry.outcome === 'accepted').length;
    const counted = ['core.claim', 'enrolment.register', 'app.deploy', 'app.rollback', 'release.outcome'].map(
      (action) => [action, times(action)],
    );
    // Ingress, connector, release 1 and release 2 are deployed; each of these and the rollback has its outcome.
    expect(Object.fromEntries(counted)).toEqual({
      'core.claim': 1,
      'enrolment.register': 1,
      'app.deploy': 4,
      'app.rollback': 1,
      'release.outcome': 5,
    });
    const exported = await fleet.cli(['audit', 'export']);
    const file = await fleet.memoryFile('audit.jsonl', exported.stdout);
    fleet.core().kill('SIGTERM');
    await fleet.core().exited;
    const verdict = await fleet.ask<{ verdict: string }>(['audit', 'verify', '--file', file]);
    expect(verdict.verdict).toBe('verified');
    const page = await outside.page(`https://${HOST}/`);
    expect(page.status, 'P3: with the core gone the app serves on').toBe(200);
  });
});

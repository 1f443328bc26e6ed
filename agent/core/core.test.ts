import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { randomId, systemRandom } from '#shared/kernel/index.ts';
import { verifyAudit } from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { joinNode } from './testing/test-node.ts';
import { untilJob } from './testing/until-job.ts';

describe('core over real TLS', () => {
  let world: CoreWorld;
  beforeEach(async () => {
    world = await createCoreWorld();
  });
  afterEach(() => world.dispose());

  test('from a new core to a deployed release, and the audit verifies', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    await node.connect();
    const appId = randomId(systemRandom);
    const deployed = await device.deploy({ appId, node: node.identity.nodeId, body: appBody('miniflux') });
    expect(deployed).toMatchObject({ status: 202 });
    const release = await node.next('release');
    expect(release).toMatchObject({ appId, job: deployed.json.jobs[0] });
    expect(release.chain).toHaveLength(1);
    node.send({
      type: 'step',
      appId,
      header: deployed.header,
      step: 'pull',
      state: 'done',
      at: new Date().toISOString(),
      text: 'pulled',
    });
    const proof = await node.outcome({ appId, header: deployed.header, number: 1 }, 'succeeded', { awayMs: 1_500 });
    expect(await node.next('outcome-ack')).toMatchObject({ header: deployed.header });
    const job = await untilJob(device, deployed.json.jobs[0], 'done');
    expect(job).toMatchObject({ outcome: 'succeeded', awayMs: 1_500, appName: 'miniflux' });
    expect(job.steps.map((step: { name: string }) => step.name)).toEqual(['queue', 'send', 'pull']);
    node.send({ type: 'audit', entries: [proof] });
    expect(await node.next('audit-ack')).toMatchObject({ seq: 1 });

    const exported = await device.call('exportAudit');
    const verdict = await verifyAudit(exported.text.split('\n'), { genesis: device.trust().fleet, witnesses: [] });
    expect(verdict).toMatchObject({ ok: true, value: { findings: [] } });
    node.disconnect();
  });
});

import { request } from 'node:https';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SESSION_SCHEME } from '#shared/contracts/rest/index.ts';
import { randomId, systemRandom } from '#shared/kernel/index.ts';
import { signEnvelope } from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode } from './testing/test-node.ts';
import { untilJob } from './testing/until-job.ts';

let world: CoreWorld;
beforeEach(async () => {
  world = await createCoreWorld();
});
afterEach(() => world.dispose());

/** Reads server-sent events until one of a type has come. */
function readEvents(device: TestDevice, until: string, lastId?: string): Promise<{ id: string; type: string }[]> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `${SESSION_SCHEME} ${device.session()}`,
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    };
    const options = {
      host: '127.0.0.1',
      port: world.running.httpPort,
      path: '/api/v1/events',
      headers,
      rejectUnauthorized: false,
      agent: false as const,
    };
    const outgoing = request(options, (response) => {
      let text = '';
      response.on('error', () => {});
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        const events = [...text.matchAll(/id: (\d+)\nevent: (\S+)\ndata: (.*)\n\n/g)].map(([, id = '', type = '']) => ({
          id,
          type,
        }));
        if (events.some((event) => event.type === until)) {
          response.destroy();
          resolve(events);
        }
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

test('events tell of enrolment and jobs, and go on where a reader stood', async () => {
  const device = await world.claim();
  const reading = readEvents(device, 'step');
  const node = await joinNode(world, device);
  await device.deploy({ appId: randomId(systemRandom), node: node.identity.nodeId, body: appBody('web') });
  const events = await reading;
  expect(events.map((event) => event.type)).toEqual(['enrolment', 'enrolment', 'job', 'step']);
  const ids = events.map((event) => Number(event.id));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  const again = await readEvents(device, 'step', events[1]?.id);
  expect(again.map((event) => event.id)).toEqual(events.slice(2).map((event) => event.id));
  const old = await readEvents(device, 'resync', '1');
  expect(old).toHaveLength(1);
});

test('REL: when a node refuses a number that is taken, its own floor is what the next release follows', async () => {
  const device = await world.claim();
  const node = await joinNode(world, device);
  await node.connect();
  const about = { appId: randomId(systemRandom), node: node.identity.nodeId, body: appBody('web') };
  const first = await device.deploy(about);
  await node.next('release');
  const floor = await signEnvelope(
    'release',
    {
      fleet: device.trust().fleet,
      appId: about.appId,
      node: about.node,
      number: 1,
      previous: null,
      body: 'c'.repeat(64),
      changeSet: randomId(systemRandom),
      issuedAt: '2026-01-01T00:00:00.000Z',
      acceptBy: '2026-01-01T01:00:00.000Z',
      after: [],
    },
    device.key.signer,
  );
  const taken = { code: 'release.number-taken', kind: 'conflict', message: 'taken', next: 'look' };
  await node.outcome({ appId: about.appId, header: first.header, number: 1 }, 'refused', { floor, fault: taken });
  await node.next('outcome-ack');
  expect(await untilJob(device, first.json.jobs[0], 'failed')).toMatchObject({
    outcome: 'refused',
    fault: { code: 'release.number-taken' },
  });
  expect(await device.call('retryJob', { params: { id: first.json.jobs[0] }, body: {} })).toMatchObject({
    status: 409,
    json: { code: 'job.judged' },
  });
  const after = await device.deploy({ ...about, number: 2, previous: first.header });
  expect(after).toMatchObject({ status: 409, json: { code: 'release.not-next' } });
  node.disconnect();
});

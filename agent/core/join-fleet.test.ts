import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceRequest } from '#shared/contracts/rest/index.ts';
import {
  beginApproval,
  createCoreClient,
  type Fleet,
  finishApproval,
  joinFleet,
  listWaitingDevices,
  refuseApproval,
  roleAfterApproval,
} from '#shared/device/index.ts';
import { type Result, unwrap } from '#shared/kernel/index.ts';
import { type DeviceKind, type Envelope, parseApprovalTicket } from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { corePorts, deviceContext, openTestFleet } from './testing/device-fleet.ts';
import type { TestDevice } from './testing/test-device.ts';

let world: CoreWorld;
let owner: TestDevice;
let fleet: Fleet;
let stopping: AbortController;

async function begin(kind: DeviceKind): Promise<void> {
  stopping = new AbortController();
  world = await createCoreWorld();
  owner = await world.claim(kind);
  fleet = await openTestFleet(world, owner, kind);
}
beforeEach(() => begin('cli'));
afterEach(async () => {
  stopping.abort();
  await fleet.close();
  await world.dispose();
});

interface Joining {
  readonly asked: Promise<unknown>;
  readonly code: Promise<string>;
  readonly outcome: Promise<Result<readonly Envelope[]>>;
}

/** The new device's side, running. */
function join(device: TestDevice, kind: DeviceKind, of = fleet.config.fleet): Joining {
  const [asked, code] = [Promise.withResolvers<unknown>(), Promise.withResolvers<string>()];
  const client = createCoreClient({ http: corePorts(world).http, signal: stopping.signal });
  const outcome = joinFleet(deviceContext(stopping.signal), {
    client,
    fleet: of,
    device: device.identity('tablet', kind),
    onAsked: asked.resolve,
    onCode: code.resolve,
  }).finally(() => client.close());
  return { asked: asked.promise, code: code.promise, outcome };
}

const onlyRequest = async (): Promise<DeviceRequest> => {
  const [found] = unwrap(await listWaitingDevices(fleet));
  if (!found) throw new Error('nobody waits');
  return found;
};
const personId = () => fleet.trust().devices.get(owner.deviceId)?.personId ?? '';

describe('joining a fleet', () => {
  test('ENR-11: the ticket names the request; a core that lists another commitment is found out by it', async () => {
    const tablet = await world.newDevice();
    const joining = join(tablet, 'cli');
    const { ticket } = (await joining.asked) as { ticket: string };
    const taken = parseApprovalTicket(ticket);
    const request = await onlyRequest();
    expect(taken).toEqual({ request: request.request, commitment: request.commitment });
    const lied = { ...request, commitment: 'a'.repeat(64) };
    const approval = unwrap(await beginApproval(deviceContext(), fleet, { ...lied, ...taken }));
    expect(approval.device.deviceId).toBe(tablet.deviceId);
    unwrap(await finishApproval(deviceContext(), fleet, approval, personId()));
    expect((await joining.outcome).ok).toBe(true);
  });

  test('ENR-8: both sides show one code, and the approved device holds the log that names it', async () => {
    const tablet = await world.newDevice();
    const joining = join(tablet, 'browser');
    await joining.asked;
    const approval = unwrap(await beginApproval(deviceContext(), fleet, await onlyRequest()));
    expect(await joining.code).toBe(approval.code);
    expect(approval.device).toMatchObject({ deviceId: tablet.deviceId, kind: 'browser', name: 'tablet' });
    expect(roleAfterApproval(fleet.trust(), approval.device.kind, personId())).toBe('operator');
    unwrap(await finishApproval(deviceContext(), fleet, approval, personId()));
    await tablet.takeTrust(unwrap(await joining.outcome));
    expect(await tablet.openSession()).toMatchObject({ status: 201 });
    expect(unwrap(await listWaitingDevices(fleet))).toEqual([]);
  });

  test('a second device of the same name is told apart', async () => {
    for (const name of ['tablet', expect.stringMatching(/^tablet-[a-z2-7]{6}$/)]) {
      const joining = join(await world.newDevice(), 'cli');
      await joining.asked;
      const approval = unwrap(await beginApproval(deviceContext(), fleet, await onlyRequest()));
      expect(unwrap(await finishApproval(deviceContext(), fleet, approval, personId())).name).toEqual(name);
      unwrap(await joining.outcome);
    }
  });

  test('a refused device hears it with the reason, and is not in the log', async () => {
    const joining = join(await world.newDevice(), 'desktop');
    await joining.asked;
    const approval = unwrap(await beginApproval(deviceContext(), fleet, await onlyRequest()));
    unwrap(await refuseApproval(fleet, approval.request, 'the codes differ'));
    expect(await joining.outcome).toMatchObject({
      ok: false,
      error: { code: 'device.refused', message: expect.stringContaining('the codes differ') },
    });
    expect(fleet.trust().devices.size).toBe(1);
  });

  test('LOG-12: a browser that claimed the fleet lets a CLI in and is an operator from then on', async () => {
    await fleet.close();
    await world.dispose();
    await begin('browser');
    const joining = join(await world.newDevice(), 'cli');
    await joining.asked;
    const approval = unwrap(await beginApproval(deviceContext(), fleet, await onlyRequest()));
    expect(roleAfterApproval(fleet.trust(), approval.device.kind, personId())).toBe('owner');
    unwrap(await finishApproval(deviceContext(), fleet, approval, personId()));
    unwrap(await joining.outcome);
    const another = join(await world.newDevice(), 'cli');
    await another.asked;
    expect(await beginApproval(deviceContext(), fleet, await onlyRequest())).toMatchObject({
      error: { code: 'trust.not-allowed' },
    });
  });
});

describe('a core that lies', () => {
  test('ENR-7: a commitment that is not the one from the list is found out, and the device is refused', async () => {
    const joining = join(await world.newDevice(), 'cli');
    await joining.asked;
    const forged = { ...(await onlyRequest()), commitment: 'a'.repeat(64) };
    expect(await beginApproval(deviceContext(), fleet, forged)).toMatchObject({
      error: { code: 'enrol.broken-commitment' },
    });
    expect(await joining.outcome).toMatchObject({ error: { code: 'device.refused' } });
  });

  test('ENR-8: another fleet gives no common code: the approver refuses at once', async () => {
    const joining = join(await world.newDevice(), 'cli', 'b'.repeat(64));
    await joining.asked;
    expect(await beginApproval(deviceContext(), fleet, await onlyRequest())).toMatchObject({
      error: { code: 'enrol.bad-device', field: 'fleet' },
    });
    expect(await joining.outcome).toMatchObject({ error: { code: 'device.refused' } });
  });
});

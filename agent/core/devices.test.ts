import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isoTime, randomId, sha256Hex, systemClock, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import {
  codeOfNewDevice,
  commitDevice,
  createApprovalNonce,
  type DeviceKind,
  isProvisionalFleet,
  openDeviceReveal,
  roleOf,
  signTrustEntry,
} from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode } from './testing/test-node.ts';
import { MAX_DEVICE_REQUESTS } from './usecases/device-request-board.ts';

let world: CoreWorld;
beforeEach(async () => {
  world = await createCoreWorld();
});
afterEach(() => world.dispose());

/** Asks to join and gives what the new device keeps. */
async function ask(device: TestDevice, fleet: string, kind: DeviceKind, name = 'laptop') {
  const own = commitDevice({ fleet, device: device.identity(name, kind), random: systemRandom });
  const body = { commitment: own.commitment, name, kind };
  const { json } = await device.call('requestDevice', { body, session: null });
  const ticket: string = json.ticket;
  const wait = async (seen: string) =>
    (await device.call('waitDevice', { body: { ticket, seen }, session: null })).json;
  const reveal = () =>
    device.call('revealDevice', { body: { ticket, identity: own.identity, nonce: own.nonce }, session: null });
  return { own, request: json.request as string, wait, reveal };
}

/** The whole exchange, as both sides do it, and `add-device` for the approver's own person. */
async function approve(approver: TestDevice, device: TestDevice, kind: DeviceKind) {
  const { fleet } = approver.trust();
  const { own, request, wait, reveal } = await ask(device, fleet, kind);
  const nonce = createApprovalNonce(systemRandom);
  const answering = approver.call('answerDevice', { params: { id: request }, body: { nonce } });
  const { answer } = await wait('waiting');
  await reveal();
  const revealed = (await answering).json;
  const opened = unwrap(openDeviceReveal({ fleet, ...revealed, answer: { approver: approver.deviceId, nonce } }));
  expect(unwrap(codeOfNewDevice(own, answer, fleet))).toBe(opened.code);
  const personId = approver.trust().devices.get(approver.deviceId)?.personId ?? '';
  const entry = await approver.addTrust({ kind: 'add-device', device: opened.device, personId });
  const extended = await approver.call('extendTrust', { body: { entries: [entry] } });
  const outcome = await wait('revealed');
  expect([extended.status, outcome.state]).toEqual([200, 'approved']);
  await device.takeTrust(outcome.trust);
  await device.openSession();
}

describe('a fleet that a browser claimed', () => {
  test('LOG-12: the browser does all that an owner does, until a CLI of the owner is in; then it is an operator', async () => {
    const browser = await world.claim('browser');
    expect(isProvisionalFleet(browser.trust())).toBe(true);
    const node = await joinNode(world, browser);
    const appId = randomId(systemRandom);
    const exceptions = [{ rule: 'host-path', service: 'web', value: '/srv', reason: 'media' }];
    const about = { appId, node: node.identity.nodeId };
    expect(await browser.deploy({ ...about, body: appBody('web', { exceptions }) })).toMatchObject({ status: 202 });

    const cli = await world.newDevice();
    await approve(browser, cli, 'cli');
    expect(roleOf(cli.trust(), browser.deviceId)).toBe('operator');
    expect(roleOf(cli.trust(), cli.deviceId)).toBe('owner');
    const personId = browser.trust().devices.get(browser.deviceId)?.personId ?? '';
    const another = (await world.newDevice()).identity('another', 'cli');
    const entry = await signTrustEntry(
      cli.trust(),
      { kind: 'add-device', device: another, personId },
      browser.key.signer,
      { at: isoTime(systemClock), auditHead: null },
    );
    const extended = await browser.call('extendTrust', { body: { entries: [entry] } });
    expect(extended).toMatchObject({ status: 403, json: { code: 'trust.not-owner' } });
    expect((await cli.call('getTrust')).json.entries).toHaveLength(cli.trust().entries.length);

    const again = await browser.deploy({ ...about, body: appBody('web', { exceptions }) });
    expect(again).toMatchObject({ status: 202 });
    const wider = [...exceptions, { ...exceptions[0], value: '/' }];
    const refused = await browser.deploy({ ...about, body: appBody('web', { exceptions: wider }) });
    expect(refused).toMatchObject({
      status: 403,
      json: { code: 'release.exception-needs-owner', next: expect.stringContaining("owner's desktop or CLI") },
    });
    const deletion = appBody('web', { state: 'removed', deleteVolumes: ['data'] });
    expect(await browser.deploy({ ...about, body: deletion, verb: 'remove' })).toMatchObject({
      status: 403,
      json: { code: 'release.deletion-needs-owner' },
    });
    const tokens = { admitHash: 'a'.repeat(64), expiresAt: new Date(Date.now() + 60_000).toISOString() };
    expect(await browser.call('registerToken', { body: tokens })).toMatchObject({
      status: 403,
      json: { code: 'trust.not-allowed' },
    });
    const connector = { v: 1, kind: 'connector', name: 'dns', state: 'running', vendor: 'cloudflare', settings: {} };
    const hidden = { appId: randomId(systemRandom), node: about.node, body: connector };
    expect(await browser.deploy(hidden)).toMatchObject({ status: 403, json: { code: 'release.kind-needs-owner' } });
    expect(await browser.deploy({ ...hidden, verb: 'ingress' })).toMatchObject({
      status: 403,
      json: { code: 'trust.not-allowed' },
    });
  });
});

describe('asking to join', () => {
  test('LOG-11: a browser that a CLI lets in is an operator', async () => {
    const cli = await world.claim();
    const browser = await world.newDevice();
    await approve(cli, browser, 'browser');
    expect(roleOf(browser.trust(), browser.deviceId)).toBe('operator');
    expect(await browser.call('listNodes')).toMatchObject({ status: 200 });
  });

  test('ENR-7: nothing is revealed before an approver has answered, and one answer is all', async () => {
    const cli = await world.claim();
    const device = await world.newDevice();
    const { request, reveal, wait } = await ask(device, cli.trust().fleet, 'desktop');
    expect(await reveal()).toMatchObject({ status: 409, json: { code: 'device.answered' } });
    const [listed] = (await cli.call('listDeviceRequests')).json.requests;
    expect(listed).toMatchObject({ request, state: 'waiting', name: 'laptop', kind: 'desktop', identity: null });
    expect(JSON.stringify(listed)).not.toContain('ticket');

    const params = { id: request };
    const nonce = createApprovalNonce(systemRandom);
    const answering = cli.call('answerDevice', { params, body: { nonce } });
    expect(await wait('waiting')).toMatchObject({ state: 'asked', answer: { approver: cli.deviceId, nonce } });
    const second = await cli.call('answerDevice', { params, body: { nonce: createApprovalNonce(systemRandom) } });
    expect(second).toMatchObject({ status: 409, json: { code: 'device.answered' } });
    await reveal();
    expect((await answering).json).toMatchObject({ state: 'revealed', identity: expect.any(String) });
    expect(await reveal()).toMatchObject({ status: 200 });
    const refused = await cli.call('answerDevice', { params, body: { refuse: 'the codes differ' } });
    expect(refused).toMatchObject({ status: 200, json: { state: 'refused' } });
    expect(await wait('revealed')).toMatchObject({ state: 'refused', reason: 'the codes differ', trust: [] });
  });

  test('a core without a fleet takes no request, and a stranger can neither wait nor reveal', async () => {
    const device = await world.newDevice();
    const body = { commitment: sha256Hex(utf8('x')), name: 'x', kind: 'cli' };
    const early = await device.call('requestDevice', { body, session: null });
    expect(early).toMatchObject({ status: 409, json: { code: 'core.not-claimed' } });
    const ticket = createApprovalNonce(systemRandom);
    const wait = await device.call('waitDevice', { body: { ticket, seen: 'waiting' }, session: null });
    expect(wait).toMatchObject({ status: 400, json: { code: 'device.request-unknown' } });
  });

  test('watchers hear each step of a request, without what only the new device knows', async () => {
    const cli = await world.claim();
    const heard: { state: string; text: string }[] = [];
    const end = world.running.core.events.subscribe(undefined, ({ event }) => {
      if (event.type === 'device-request') heard.push({ state: event.data.state, text: JSON.stringify(event.data) });
    });
    await approve(cli, await world.newDevice(), 'cli');
    end();
    expect(heard.map(({ state }) => state)).toEqual(['waiting', 'asked', 'revealed', 'approved']);
    expect(heard.filter(({ text }) => /ticket|reason/.test(text))).toEqual([]);
  });

  test('an operator and a viewer approve nobody', async () => {
    const cli = await world.claim();
    const browser = await world.newDevice();
    await approve(cli, browser, 'browser');
    const device = await world.newDevice();
    const { request } = await ask(device, cli.trust().fleet, 'cli');
    const body = { nonce: createApprovalNonce(systemRandom) };
    const answered = await browser.call('answerDevice', { params: { id: request }, body });
    expect(answered).toMatchObject({ status: 403, json: { code: 'trust.not-allowed' } });
  });

  test('one address can not fill the board', async () => {
    const cli = await world.claim();
    const device = await world.newDevice();
    const statuses: number[] = [];
    for (let i = 0; i < MAX_DEVICE_REQUESTS; i++) {
      const body = { commitment: sha256Hex(utf8(String(i))), name: `d${i}`, kind: 'cli' };
      statuses.push((await device.call('requestDevice', { body, session: null })).status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect((await cli.call('listDeviceRequests')).json.requests.length).toBeLessThan(MAX_DEVICE_REQUESTS / 2);
  });
});

test('LOG-13: a viewer reads, and neither deploys nor proposes', async () => {
  const cli = await world.claim();
  const viewer = await world.newDevice();
  const personId = randomId(systemRandom);
  const entries = [
    await cli.addTrust({ kind: 'add-person', personId, name: 'guest', role: 'viewer' }),
    await cli.addTrust({ kind: 'add-device', device: viewer.identity('phone', 'browser'), personId }),
  ];
  await cli.call('extendTrust', { body: { entries } });
  await viewer.takeTrust(cli.trust().entries);
  await viewer.openSession();
  expect(await viewer.call('listApps')).toMatchObject({ status: 200 });
  const params = { id: randomId(systemRandom) };
  const proposed = await viewer.call('deployApp', { params, body: { proposal: { note: '', changes: {} } } });
  expect(proposed).toMatchObject({ status: 403, json: { code: 'trust.not-allowed' } });
  const octets = utf8('x');
  const stored = await viewer.call('putObject', { params: { hash: sha256Hex(octets) }, octets });
  expect(stored).toMatchObject({ status: 403, json: { code: 'trust.not-allowed' } });
});

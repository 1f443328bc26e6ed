import { expect, test } from 'vitest';
import { unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { plainRows } from '#shared/testing/plain-rows.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import { addScriptedNode } from '#shared/testing/scripted-node.ts';
import { openSecret } from '#shared/trust/index.ts';
import { revealSecret, setSecret } from './app-secrets.ts';
import type { AppWish, RouteWish } from './app-wish.ts';
import { editApp, findPresent, openSecretValues } from './edit-app.ts';
import { readFleetView } from './find-app.ts';
import { planApp } from './plan-app.ts';
import { openOwnerCopy } from './seal-secrets.ts';
import { wishFromCompose, withSecrets } from './source-wish.ts';

const COMPOSE = `services:
  web:
    image: lab/web:1
    secrets: [pin]
secrets:
  pin: { file: ./pin }
`;
const CANARY = 'canary-9f2c';

function wish(about: { pin?: string; route?: Partial<RouteWish> } = {}): AppWish {
  const pin = about.pin === undefined ? [] : [['pin', { value: utf8(about.pin), uses: undefined }] as const];
  const made = withSecrets(unwrap(wishFromCompose(COMPOSE)), new Map(pin));
  const route: RouteWish = {
    hostname: 'web.example.com',
    service: 'web',
    port: 8080,
    scheme: undefined,
    address: undefined,
    dns: undefined,
    tls: undefined,
    ...about.route,
  };
  return { ...made, route: about.route ? route : undefined };
}

async function edit(device: ScriptedDevice, replica: Replica, app: string, wanted: AppWish) {
  return editApp(device.context, device.fleet, replica, { app, node: undefined, wish: wanted });
}

const options = { online: false, chooseAddress: async () => '203.0.113.7' };

test('a wish makes an app that the index lists, on the only node there is', async () => {
  const device = await createScriptedDevice();
  const replica = unwrap(await device.fleet.replica());
  expect(await edit(device, replica, 'web', wish())).toMatchObject({
    ok: false,
    error: { code: 'node.none', field: 'node' },
  });
  const node = await addScriptedNode(device, 'n1');
  const view = unwrap(await edit(device, replica, 'web', wish({ pin: CANARY })));
  expect(view).toMatchObject({ name: 'web', node: node.identity.nodeId, state: 'running' });
  expect(unwrap(readFleetView(replica)).apps.map(({ name }) => name)).toEqual(['web']);
});

test('P7: a secret is sealed to its node and to owners before anything is written', async () => {
  const device = await createScriptedDevice();
  const { fleet } = device;
  const node = await addScriptedNode(device, 'n1');
  const replica = unwrap(await fleet.replica());
  const view = unwrap(await edit(device, replica, 'web', wish({ pin: CANARY })));
  const [secret] = view.secrets;
  if (!secret) throw new Error('the app has a secret');
  expect(utf8ToText(unwrap(await openOwnerCopy(fleet, view.appId, secret)))).toBe(CANARY);
  const { nodeId } = node.identity;
  const copy = await fleet.store.object(secret.nodeCopies[nodeId] ?? '');
  const expected = { fleet: fleet.config.fleet, node: nodeId, appId: view.appId, name: 'pin' };
  expect(utf8ToText(unwrap(await openSecret(copy ?? new Uint8Array(), node.sealing.identity, expected)))).toBe(CANARY);
  const plain = await plainRows(fleet.store);
  expect(plain).toContain('pin');
  expect(plain).not.toContain(CANARY);
});

test('P5: a secret with the same value stays the same file; another value is the next version', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const first = unwrap(await edit(device, replica, 'web', wish({ pin: 'one' })));
  const same = unwrap(await edit(device, replica, 'web', wish({ pin: 'one' })));
  expect(same.secrets).toEqual(first.secrets);
  const other = unwrap(await edit(device, replica, 'web', wish({ pin: 'two' })));
  expect(other.secrets[0]?.version).toBe(2);
  expect(other.secrets[0]?.nodeCopies).not.toEqual(first.secrets[0]?.nodeCopies);
});

test('P1: a device that holds no owner copies seals what it is given and leaves the rest as it is', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const first = unwrap(await edit(device, replica, 'web', wish({ pin: 'one' })));
  const blind = { ...device, fleet: { ...device.fleet, device: { ...device.fleet.device, ageIdentity: null } } };
  const kept = unwrap(await edit(blind, replica, 'web', wish()));
  expect(kept.secrets).toEqual(first.secrets);
  const given = unwrap(await edit(blind, replica, 'web', wish({ pin: 'two' })));
  expect(given.secrets[0]?.version).toBe(2);
  const secret = given.secrets[0];
  if (!secret) throw new Error('the app has a secret');
  expect(utf8ToText(unwrap(await openOwnerCopy(device.fleet, given.appId, secret)))).toBe('two');
  expect(await openOwnerCopy(blind.fleet, given.appId, secret)).toMatchObject({
    ok: false,
    error: { code: 'secret.no-owner-copy', kind: 'denied' },
  });
});

test('P5: a catalogue app is not rendered anew by a device that can not read its present secrets', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const source = { kind: 'catalog', id: 'web', version: '1', inputs: {} } as unknown as AppWish['source'];
  const view = unwrap(await edit(device, replica, 'web', { ...wish({ pin: 'one' }), source }));
  expect(unwrap(await openSecretValues(device.fleet, view))).toEqual(new Map([['pin', 'one']]));
  const blind = { ...device.fleet, device: { ...device.fleet.device, ageIdentity: null } };
  expect(await openSecretValues(blind, view)).toMatchObject({ ok: false, error: { code: 'secret.no-owner-copy' } });
});

test.each([
  [{ hostname: undefined }, 'cli.missing-option', 'host'],
  [{ service: undefined }, 'cli.missing-option', 'service'],
  [{ port: undefined }, 'cli.missing-option', 'port'],
])('a route that leads nowhere (%j) is refused and nothing is written', async (route, code, field) => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const refused = await edit(device, replica, 'web', wish({ route }));
  expect(refused).toMatchObject({ ok: false, error: { code, field, next: expect.not.stringContaining('--') } });
  expect(await device.fleet.store.rows.loadRows()).toEqual([]);
});

test('a name that another app has is refused', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  unwrap(await edit(device, replica, 'one', wish({ route: {} })));
  expect(await edit(device, replica, 'two', wish({ route: {} }))).toMatchObject({
    ok: false,
    error: { code: 'route.hostname-taken', field: 'host' },
  });
});

test('what can not become a name of an app is said before anything is asked', async () => {
  const replica = unwrap(await (await createScriptedDevice()).fleet.replica());
  expect(findPresent(replica, 'web')).toEqual({ ok: true, value: undefined });
  expect(findPresent(replica, 'Not A Name')).toMatchObject({ ok: false, error: { code: 'cli.bad-name' } });
});

test('a plan says what is in the way: no ingress for a route, a key that the first gate refuses', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const compose = 'services:\n  web:\n    image: lab/web:1\n    privileged: true\n';
  const view = unwrap(await edit(device, replica, 'web', { ...wish({ route: {} }), compose }));
  const { plan, base } = unwrap(await planApp(device.context, device.fleet, replica, view, options));
  expect(base).toBeNull();
  const codes = plan.blocked.map(({ code }) => code);
  expect(codes).toContain('ingress.absent');
  expect(codes).toHaveLength(2);
  expect(plan.lines.length).toBeGreaterThan(0);
});

test('a route without an address gets the one that is chosen, as an edit', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const view = unwrap(await edit(device, replica, 'web', wish({ route: {} })));
  const asked: unknown[] = [];
  const chooseAddress = async (about: unknown) => {
    asked.push(about);
    return '203.0.113.7';
  };
  const planned = unwrap(await planApp(device.context, device.fleet, replica, view, { online: false, chooseAddress }));
  expect(asked).toEqual([{ hostname: 'web.example.com', detected: undefined }]);
  expect(planned.view.routes[0]?.address).toBe('203.0.113.7');
});

test('P5: a new value of a secret changes nothing else, and only where the secret has a use', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'n1');
  const { fleet } = device;
  const replica = unwrap(await fleet.replica());
  const before = unwrap(await edit(device, replica, 'web', wish({ pin: 'one' })));
  unwrap(await replica.edit(`app:${before.appId}`, (editor) => editor.set('state', 'stopped')));
  const after = unwrap(await setSecret(fleet, replica, { app: 'web', name: 'pin', value: utf8('two') }));
  expect(after).toMatchObject({
    state: 'stopped',
    secrets: [{ name: 'pin', version: 2, uses: before.secrets[0]?.uses }],
  });
  const revealed = unwrap(await revealSecret(fleet, replica, { app: 'web', name: 'pin' }));
  expect(utf8ToText(revealed.value)).toBe('two');
  const useless = await setSecret(fleet, replica, { app: 'web', name: 'other', value: utf8('x') });
  expect(useless).toMatchObject({ ok: false, error: { code: 'secret.unknown' } });
  const uses = [{ as: 'env', service: 'web', env: 'OTHER' }] as const;
  const added = unwrap(await setSecret(fleet, replica, { app: 'web', name: 'other', value: utf8('x'), uses }));
  expect(added.secrets.map(({ name }) => name).toSorted()).toEqual(['other', 'pin']);
});

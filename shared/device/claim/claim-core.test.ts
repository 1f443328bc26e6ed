import { expect, test } from 'vitest';
import { systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createMemoryDeviceStore } from '#shared/testing/memory-device-store.ts';
import { createScriptedDevice } from '#shared/testing/scripted-device.ts';
import { applyTrustEntries, createSetupCode, createTrustState, parseSetupCode } from '#shared/trust/index.ts';
import { createGenesis, keepClaimedFleet, sendClaim } from './claim-core.ts';
import { coreAddresses, parseCoreAddress } from './core-address.ts';

const ADDRESS = { host: 'core.lan', httpPort: 7443, linkPort: 7444 };

async function begin() {
  const { context, fleet, core } = await createScriptedDevice();
  const about = { fleetName: 'home', personName: 'owner', core: { spki: core.spki, addresses: [ADDRESS] } };
  const { claim, words } = await createGenesis(context, fleet.device, about);
  const code = unwrap(parseSetupCode(createSetupCode(core.spki, systemRandom).code));
  return { context, client: fleet.client, device: fleet.device, core, claim, words, code };
}

test('LOG-1: a claim makes a fleet that verifies from its own genesis, owned by this device', async () => {
  const { context, claim, words, device } = await begin();
  const store = createMemoryDeviceStore();
  await keepClaimedFleet(context, store, { claim, fleetName: 'home', address: ADDRESS });
  const config = await store.config();
  expect(config).toMatchObject({ fleet: claim.fleet, fleetName: 'home', addresses: [ADDRESS] });
  const { state } = unwrap(await applyTrustEntries(createTrustState(claim.fleet), await store.trustEntries()));
  expect(state.devices.get(device.deviceId)).toMatchObject({ kind: device.kind });
  expect(words.length).toBeGreaterThanOrEqual(12);
  await keepClaimedFleet(context, store, { claim, fleetName: 'home', address: ADDRESS });
  expect((await store.config())?.writer).toBe(config?.writer);
});

test('P5: a claim whose answer was lost counts when the core has this very fleet, and only then', async () => {
  const { client, core, claim, code } = await begin();
  core.answers.set('POST /claim', () => 409);
  expect((await sendClaim(client, code, claim)).ok).toBe(false);
  core.fleet = claim.fleet;
  expect(await sendClaim(client, code, claim)).toEqual({ ok: true, value: undefined });
  core.away = true;
  expect(await sendClaim(client, code, claim)).toMatchObject({ ok: false, error: { kind: 'transient' } });
});

test.each([
  ['core.lan', 'core.lan', 7443],
  ['core.lan:8443', 'core.lan', 8443],
  ['https://core.lan', 'core.lan', 7443],
  ['https://core.lan:443/', 'core.lan', 443],
  ['https://[fd00::1]:7443', 'fd00::1', 7443],
])('%s is an address of a core', (text, host, httpPort) => {
  expect(parseCoreAddress(text)).toEqual({ host, httpPort });
});

test.each(['', 'http://core.lan', 'https://core.lan/path', 'https://me@core.lan', 'core lan'])(
  '"%s" is no address of a core',
  (text) => {
    expect(parseCoreAddress(text)).toBeUndefined();
  },
);

test('the address that worked comes first, with the link port that the core names for it', () => {
  const other = { host: '192.0.2.1', httpPort: 7443, linkPort: 9444 };
  const typed = { host: 'core.lan', httpPort: 7443, linkPort: undefined };
  expect(coreAddresses(typed, [other, { ...ADDRESS, linkPort: 8444 }])).toEqual([
    { ...ADDRESS, linkPort: 8444 },
    other,
  ]);
  expect(coreAddresses(typed, [])).toEqual([ADDRESS]);
  expect(coreAddresses({ ...typed, linkPort: 1 }, [other])[0]?.linkPort).toBe(1);
});

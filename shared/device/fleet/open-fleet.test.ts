import { expect, test } from 'vitest';
import { isoTime, ok } from '#shared/kernel/index.ts';
import { createMemoryDeviceStore } from '#shared/testing/memory-device-store.ts';
import { createScriptedDevice } from '#shared/testing/scripted-device.ts';
import { createScriptedNode } from '#shared/testing/scripted-node.ts';
import { signTrustEntry, type TrustEntry } from '#shared/trust/index.ts';
import { openFleet } from './open-fleet.ts';

test('LOG-1: entries that come at once from two sides all stand', async () => {
  const { fleet, context } = await createScriptedDevice();
  const about = { at: isoTime(context.clock), auditHead: null };
  const entries = [];
  for (const name of ['n1', 'n2']) {
    const { identity: node } = await createScriptedNode(name);
    entries.push(await signTrustEntry(fleet.trust(), { kind: 'add-node', node }, fleet.device.signer, about));
  }
  expect(await Promise.all(entries.map((entry) => fleet.takeTrust([entry])))).toEqual([ok(), ok()]);
  expect([...fleet.trust().nodes.values()].map(({ name }) => name).toSorted()).toEqual(['n1', 'n2']);
  expect(await fleet.store.trustEntries()).toHaveLength(3);
});

test('a core that the log names anew is asked at its new key', async () => {
  const device = await createScriptedDevice();
  const opened: string[] = [];
  const context = {
    ...device.context,
    openCore: ({ spki }: { spki: string }) => {
      opened.push(spki);
      return device.core.ports;
    },
  };
  const fleet = await openFleet(context, device.fleet.device, device.fleet.store);
  if (!fleet.ok) throw new Error(fleet.error.message);
  const entry: TrustEntry = {
    kind: 'core',
    tlsSpki: 'e'.repeat(64),
    addresses: [{ host: 'new.lan', httpPort: 7443, linkPort: 7444 }],
    epoch: 2,
  };
  const about = { at: isoTime(context.clock), auditHead: null };
  const signed = await signTrustEntry(fleet.value.trust(), entry, device.fleet.device.signer, about);
  expect(await fleet.value.takeTrust([signed])).toEqual(ok());
  await fleet.value.client.call('healthz');
  expect(opened).toEqual([device.core.spki, 'e'.repeat(64)]);
});

test('a store without a fleet is closed again, and the fault says what to do', async () => {
  const { context, fleet } = await createScriptedDevice();
  let closed = false;
  const close = async () => {
    closed = true;
  };
  const store = { ...createMemoryDeviceStore(), close };
  expect(await openFleet(context, fleet.device, store)).toMatchObject({
    ok: false,
    error: { code: 'device.unclaimed' },
  });
  expect(closed).toBe(true);
});

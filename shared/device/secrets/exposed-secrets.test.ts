import { expect, test } from 'vitest';
import { isoTime, randomId, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import { addScriptedNode } from '#shared/testing/scripted-node.ts';
import {
  emptyCutoff,
  generateSealingKey,
  generateSigningKey,
  type Role,
  signTrustEntry,
  type TrustEntry,
} from '#shared/trust/index.ts';
import { setSecret } from '../apps/app-secrets.ts';
import { editApp } from '../apps/edit-app.ts';
import { wishFromCompose, withSecrets } from '../apps/source-wish.ts';
import { exposedSecrets, type Reader, revokedReaders } from './exposed-secrets.ts';

const COMPOSE = 'services:\n  web:\n    image: lab/web:1\n    secrets: [pin]\nsecrets:\n  pin: { file: ./pin }\n';

async function sign(device: ScriptedDevice, entry: TrustEntry): Promise<void> {
  const { fleet, context } = device;
  const about = { at: isoTime(context.clock), auditHead: null };
  unwrap(await fleet.takeTrust([await signTrustEntry(fleet.trust(), entry, fleet.device.signer, about)]));
}

async function addDevice(device: ScriptedDevice, name: string, role: Role, kind: 'cli' | 'automation' = 'cli') {
  const personId = randomId(systemRandom);
  await sign(device, { kind: 'add-person', personId, name: `person of ${name}`, role });
  const [signing, sealing] = [await generateSigningKey(), await generateSealingKey()];
  const deviceId = signing.signer.keyId;
  const made = { deviceId, name, kind, signKey: signing.publicKey, ageRecipient: sealing.recipient };
  await sign(device, { kind: 'add-device', device: made, personId });
  return { deviceId, personId };
}

async function world() {
  const device = await createScriptedDevice();
  const [n1, n2] = [await addScriptedNode(device, 'n1'), await addScriptedNode(device, 'n2')];
  const replica = unwrap(await device.fleet.replica());
  const deploy = async (app: string, node: string, pin: string) => {
    const wish = withSecrets(
      unwrap(wishFromCompose(COMPOSE)),
      new Map([['pin', { value: utf8(pin), uses: undefined }]]),
    );
    unwrap(await editApp(device.context, device.fleet, replica, { app, node, wish }));
  };
  await deploy('web', 'n1', 'one');
  await deploy('wiki', 'n2', 'two');
  const exposed = (...readers: Reader[]) =>
    unwrap(exposedSecrets(device.fleet.trust(), replica, { readers, nowMs: device.context.clock.nowMs() })).map(
      ({ app, by, version }) => `${app} v${version} by ${by}`,
    );
  const rotate = async (app: string) =>
    void unwrap(await setSecret(device.fleet, replica, { app, name: 'pin', value: utf8(`new ${app}`) }));
  return { device, n1, n2, exposed, rotate, deploy };
}

const node = (id: string): Reader => ({ what: 'node', id });
const deviceOf = (id: string): Reader => ({ what: 'device', id });

test('P7: a node could read what is sealed to it, also after it was revoked, until the value is another', async () => {
  const { device, n1, n2, exposed, rotate, deploy } = await world();
  const first = node(n1.identity.nodeId);
  expect(exposed(first)).toEqual(['web v1 by node']);
  // Moved away: the old server has read it all the same.
  await deploy('web', 'n2', 'one');
  expect(exposed(first)).toEqual(['web v1 by node']);
  expect(exposed(node(n2.identity.nodeId))).toEqual(['web v1 by node', 'wiki v1 by node']);
  await sign(device, { kind: 'revoke-node', nodeId: n1.identity.nodeId });
  expect(revokedReaders(device.fleet.trust())).toEqual([first]);
  expect(exposed(first)).toEqual(['web v1 by node']);
  await rotate('web');
  expect(exposed(first)).toEqual([]);
});

test('P7: an owner could read all, who may deploy an app its secrets, a viewer none', async () => {
  const { device, exposed } = await world();
  const [owner, operator, viewer] = [
    await addDevice(device, 'second', 'owner'),
    await addDevice(device, 'helper', 'operator'),
    await addDevice(device, 'guest', 'viewer'),
  ];
  expect(exposed(deviceOf(owner.deviceId))).toEqual(['web v1 by owner', 'wiki v1 by owner']);
  expect(exposed(deviceOf(operator.deviceId))).toEqual(['web v1 by deploy', 'wiki v1 by deploy']);
  expect(exposed(deviceOf(viewer.deviceId))).toEqual([]);
});

test('P7: a revoked device has read what there was; a value made after the revocation it never saw', async () => {
  const { device, exposed, rotate } = await world();
  const owner = await addDevice(device, 'stolen', 'owner');
  const reader = deviceOf(owner.deviceId);
  // Made while it counted.
  await rotate('wiki');
  await sign(device, { kind: 'revoke-device', deviceId: owner.deviceId, cutoff: emptyCutoff });
  expect(exposed(reader)).toEqual(['web v1 by owner', 'wiki v2 by owner']);
  await rotate('web');
  expect(exposed(reader)).toEqual(['wiki v2 by owner']);
  expect(exposed(...revokedReaders(device.fleet.trust()))).toEqual(['wiki v2 by owner']);
});

test('P7: a device whose person was revoked is judged by what it was', async () => {
  const { device, exposed } = await world();
  const { deviceId, personId } = await addDevice(device, 'helper', 'operator');
  await sign(device, { kind: 'revoke-person', personId, cutoff: emptyCutoff });
  expect(exposed(deviceOf(deviceId))).toEqual(['web v1 by deploy', 'wiki v1 by deploy']);
});

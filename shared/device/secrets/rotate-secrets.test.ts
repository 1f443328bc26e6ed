import { beforeEach, expect, test } from 'vitest';
import { ok, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import { addScriptedNode } from '#shared/testing/scripted-node.ts';
import { revealSecret } from '../apps/app-secrets.ts';
import { editApp } from '../apps/edit-app.ts';
import { findApp } from '../apps/find-app.ts';
import { planApp } from '../apps/plan-app.ts';
import { draftApp } from '../apps/plan-body.ts';
import { wishFromCompose, withSecrets } from '../apps/source-wish.ts';
import { submitChange } from '../releases/sign-change.ts';
import { exposedSecrets } from './exposed-secrets.ts';
import { planRotation, rotatable, rotateSecrets, undoRotation } from './rotate-secrets.ts';
import { readDueSecrets } from './secret-places.ts';

const COMPOSE =
  'services:\n  web:\n    image: lab/web:1\n    secrets: [pin, key]\nsecrets:\n  pin: { file: ./pin }\n  key: { file: ./key }\n';

let device: ScriptedDevice;
let nodeId = '';

beforeEach(async () => {
  device = await createScriptedDevice();
  nodeId = (await addScriptedNode(device, 'n1')).identity.nodeId;
  const secrets = new Map(['pin', 'key'].map((name) => [name, { value: utf8(`old ${name}`), uses: undefined }]));
  const wish = withSecrets(unwrap(wishFromCompose(COMPOSE)), secrets);
  unwrap(await editApp(device.context, device.fleet, await replica(), { app: 'web', node: 'n1', wish }));
});

const replica = async () => unwrap(await device.fleet.replica());

async function deploy(): Promise<void> {
  const { context, fleet, core } = device;
  const view = unwrap(findApp(await replica(), 'web'));
  const planned = unwrap(
    await planApp(context, fleet, await replica(), view, { online: true, chooseAddress: async () => undefined }),
  );
  unwrap(await submitChange(fleet, context, draftApp(planned, 'deploy')));
  core.headers.push(...(core.taken.at(-1)?.headers ?? []));
}

async function rotate(...names: string[]): Promise<void> {
  const rotations = unwrap(planRotation(await replica(), { app: 'web', names }));
  const newValue = ({ name }: { name: string }) => ok(utf8(`new ${name}`));
  unwrap(await rotateSecrets(device.fleet, await replica(), rotations, { newValue, offline: true }));
}

const undo = async (...names: string[]) =>
  undoRotation(device.context, device.fleet, await replica(), { app: 'web', names });

const due = async () =>
  unwrap(await readDueSecrets(device.context, device.fleet, [unwrap(findApp(await replica(), 'web'))], new Map()));

async function exposed() {
  const about = { readers: [{ what: 'node' as const, id: nodeId }], nowMs: device.context.clock.nowMs() };
  return unwrap(exposedSecrets(device.fleet.trust(), await replica(), { ...about, due: await due() }));
}

const reveal = async (name: string) =>
  utf8ToText(unwrap(await revealSecret(device.fleet, await replica(), { app: 'web', name })).value);

test('P7: a rotated secret names its app and node until the app is deployed there', async () => {
  await deploy();
  expect(await due()).toEqual([]);
  await rotate('pin');
  expect(await reveal('pin')).toBe('new pin');
  expect(await due()).toMatchObject([{ app: 'web', name: 'pin', node: nodeId, status: 'old', runs: 1, version: 2 }]);
  await deploy();
  expect(await due()).toEqual([]);
});

test('P7: what was read counts as long as it runs, and says that only the deploy is missing', async () => {
  await deploy();
  await rotate('pin');
  const waiting = (await exposed()).filter(({ waits }) => waits);
  expect(waiting).toMatchObject([{ name: 'pin', version: 1, next: 'overseer apps deploy web' }]);
  // What waits has its new value: another one would change nothing.
  expect(rotatable(waiting)).toEqual([]);
  await deploy();
  expect((await exposed()).filter(({ waits }) => waits)).toEqual([]);
});

test('a rotation can be taken back until it is deployed, also after a second one', async () => {
  await deploy();
  await rotate('pin', 'key');
  await rotate('pin');
  expect(unwrap(await undo('pin'))).toMatchObject([{ app: 'web', name: 'pin', version: 1 }]);
  expect([await reveal('pin'), await reveal('key')]).toEqual(['old pin', 'new key']);
  expect((await due()).map(({ name }) => name)).toEqual(['key']);
  await deploy();
  expect(await undo('key')).toMatchObject({ ok: false, error: { code: 'secret.nothing-to-undo', kind: 'conflict' } });
  expect(await reveal('key')).toBe('new key');
});

test('one name that is not there changes none', async () => {
  const wanted = { app: 'web', names: ['pin', 'pim'] };
  expect(planRotation(await replica(), wanted)).toMatchObject({ ok: false, error: { code: 'secret.unknown' } });
  expect(await reveal('pin')).toBe('old pin');
});

test('only what an app has is made here: a removed app and a connector are told apart', () => {
  const one = {
    app: 'web',
    appId: 'a',
    kind: 'app',
    isRemoved: false,
    isStranded: false,
    waits: false,
    name: 'pin',
    version: 3,
  } as const;
  const about = { by: 'node', reader: { what: 'node', id: 'n' }, next: '' } as const;
  const all = [
    one,
    one,
    { ...one, kind: 'connector' as const },
    { ...one, isRemoved: true },
    { ...one, isStranded: true },
    { ...one, waits: true },
  ];
  expect(rotatable(all.map((item) => ({ ...item, ...about })))).toEqual([
    { app: 'web', appId: 'a', name: 'pin', version: 3 },
  ]);
});

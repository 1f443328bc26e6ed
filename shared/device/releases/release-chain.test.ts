import { expect, test } from 'vitest';
import { type AppBody, appBodySchema, planRelease } from '#shared/domain/apps/index.ts';
import { randomId, sha256Hex, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { readObject } from '../fleet/objects.ts';
import { discardIntent, flushOutbox, keepIntent, listIntents } from './outbox.ts';
import { readBase, readChain } from './release-chain.ts';
import { type ChangeDraft, draftChange, signChange, submitChange } from './sign-change.ts';

const appId = randomId(systemRandom);
const node = randomId(systemRandom);

function bodyOf(version: string): AppBody {
  return appBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: '',
    env: { version },
    images: {},
  });
}

function draft(version: string, base: ChangeDraft['base']): ChangeDraft {
  const body = bodyOf(version);
  const plan = planRelease({ previous: null, next: body });
  return draftChange({ verb: 'deploy', appId, node, base, body, plan, ownerCopies: [] });
}

/** Signs and sends a release as this device, and lets the core list it. */
async function release({ context, fleet, core }: ScriptedDevice, version: string): Promise<Envelope> {
  const base = unwrap(await readBase(fleet, context.clock, appId, node));
  unwrap(await submitChange(fleet, context, draft(version, base)));
  const header = core.taken.at(-1)?.headers[0] as Envelope;
  core.headers.push(header);
  return header;
}

const numbers = async ({ fleet }: ScriptedDevice) =>
  unwrap(await readChain(fleet, appId, node)).map(({ opened }) => opened.payload.number);

test('REL-1: each release names the one before, and the last one is what a plan starts from', async () => {
  const device = await createScriptedDevice();
  expect(await readBase(device.fleet, device.context.clock, appId, node)).toEqual({ ok: true, value: null });
  for (const version of ['one', 'two', 'three']) await release(device, version);
  expect(await numbers(device)).toEqual([1, 2, 3]);
  const base = unwrap(await readBase(device.fleet, device.context.clock, appId, node));
  expect(base).toMatchObject({ number: 3, body: { env: { version: 'three' } } });
});

test('P1: a core that withholds the newest release does not make the device sign its number again', async () => {
  const device = await createScriptedDevice();
  for (const version of ['one', 'two']) await release(device, version);
  device.core.headers = device.core.headers.slice(0, 1);
  const base = unwrap(await readBase(device.fleet, device.context.clock, appId, node));
  expect(base).toMatchObject({ number: 2, body: { env: { version: 'two' } } });
});

test('P1: a core that gives another body than the signed one is caught', async () => {
  const device = await createScriptedDevice();
  await release(device, 'one');
  await release(device, 'two');
  const first = unwrap(await readChain(device.fleet, appId, node))[0];
  const hash = first?.opened.payload.body ?? '';
  device.core.objects.set(hash, utf8(JSON.stringify(bodyOf('evil'))));
  const asked = await device.fleet.client.octets('getObject', { params: { hash } });
  expect(asked.ok && new TextDecoder().decode(asked.value)).toContain('evil');
  // Another device of the same fleet, which holds no copy of its own, must not believe it.
  const blind = { ...device.fleet, store: { ...device.fleet.store, object: async () => undefined } };
  expect(await readObject(blind, hash)).toMatchObject({
    ok: false,
    error: { code: 'core.bad-object', kind: 'denied' },
  });
});

test('P1: two different releases of one number are a fork, not a base', async () => {
  const device = await createScriptedDevice();
  await release(device, 'one');
  const { header } = await signChange(device.fleet, device.context, draft('other', null));
  device.core.headers.push(header);
  expect(await readChain(device.fleet, appId, node)).toMatchObject({ ok: false, error: { code: 'release.fork' } });
});

test('P1: a header that nobody of the fleet signed is refused', async () => {
  const device = await createScriptedDevice();
  const stranger = await createScriptedDevice();
  const { header } = await signChange(stranger.fleet, stranger.context, draft('evil', null));
  device.core.headers.push(header);
  expect((await readChain(device.fleet, appId, node)).ok).toBe(false);
});

test('P2: a change that waited is signed when its base still holds', async () => {
  const device = await createScriptedDevice();
  await release(device, 'one');
  const base = unwrap(await readBase(device.fleet, device.context.clock, appId, node));
  const { context, fleet, core } = device;
  await keepIntent(context, fleet, { name: 'web', lines: ['version two'], draft: draft('two', base) });
  expect(core.taken).toHaveLength(1);
  await flushOutbox(context, fleet);
  expect(core.taken).toHaveLength(2);
  expect(await fleet.store.intents('waiting')).toEqual([]);
  expect(device.notes()).toContain('Signed and sent the waiting change "deploy web" (release 2');
});

test('P2: a change whose base has moved on is a clash that is shown and kept, never signed', async () => {
  const device = await createScriptedDevice();
  const { context, fleet, core } = device;
  await keepIntent(context, fleet, { name: 'web', lines: [], draft: draft('mine', null) });
  await release(device, 'theirs');
  await flushOutbox(context, fleet);
  expect(core.taken).toHaveLength(1);
  expect(await fleet.store.intents('clash')).toHaveLength(1);
  expect(device.notes()).toContain('clashes');
});

test('P2: a later order for an app takes the place of the one that waits', async () => {
  const { context, fleet } = await createScriptedDevice();
  for (const version of ['one', 'two'])
    await keepIntent(context, fleet, { name: 'web', lines: [version], draft: draft(version, null) });
  expect((await fleet.store.intents('waiting')).map(({ content }) => JSON.parse(content).lines)).toEqual([['two']]);
  expect(await fleet.store.intents('discarded')).toHaveLength(1);
});

test('P2: what the core refuses is a clash with its reason; what it can not take now goes on waiting', async () => {
  const device = await createScriptedDevice();
  const { context, fleet, core } = device;
  await keepIntent(context, fleet, { name: 'web', lines: [], draft: draft('one', null) });
  core.refuseWith = 409;
  await flushOutbox(context, fleet);
  expect([(await fleet.store.intents('waiting')).length, (await fleet.store.intents('clash')).length]).toEqual([0, 1]);
  expect(device.notes()).toContain('was refused');
  await keepIntent(context, fleet, { name: 'web', lines: [], draft: draft('two', null) });
  core.away = true;
  await context.timers.drive(flushOutbox(context, fleet));
  expect(await fleet.store.intents('waiting')).toHaveLength(1);
});

test('P2: a change that waits can be given up, once, and its edit stays', async () => {
  const { context, fleet } = await createScriptedDevice();
  const { id } = await keepIntent(context, fleet, { name: 'web', lines: [], draft: draft('one', null) });
  expect((await listIntents(fleet)).map((intent) => intent.id)).toEqual([id]);
  expect((await discardIntent(fleet, id)).ok).toBe(true);
  expect(await listIntents(fleet)).toEqual([]);
  expect(await discardIntent(fleet, id)).toMatchObject({ ok: false, error: { code: 'outbox.unknown' } });
});

test('P2: two flushes at once sign a waiting change once', async () => {
  const { context, fleet, core } = await createScriptedDevice();
  await keepIntent(context, fleet, { name: 'web', lines: [], draft: draft('one', null) });
  const both = await Promise.all([flushOutbox(context, fleet), flushOutbox(context, fleet)]);
  expect(both.map((flushed) => flushed.length)).toEqual([1, 0]);
  expect(core.taken).toHaveLength(1);
  expect(await listIntents(fleet)).toEqual([]);
});

test('P2: a change that arrived although its answer was lost is no clash when the core is back', async () => {
  const { context, fleet, core, notes } = await createScriptedDevice();
  const lost = draft('one', null);
  const { header } = await signChange(fleet, context, lost);
  core.headers.push(header);
  core.objects.set(sha256Hex(utf8(lost.body)), utf8(lost.body));
  await keepIntent(context, fleet, { name: 'web', lines: [], draft: lost });
  expect(await flushOutbox(context, fleet)).toMatchObject([{ sent: { number: 1, job: null }, refusal: null }]);
  expect(core.taken).toEqual([]);
  expect(await listIntents(fleet)).toEqual([]);
  expect(notes()).toContain('has the waiting change "deploy web" already');
});

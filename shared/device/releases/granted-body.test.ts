import { beforeEach, expect, test } from 'vitest';
import { appBodySchema, planRelease } from '#shared/domain/apps/index.ts';
import { isoTime, randomId, sha256Hex, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import { generateSealingKey, generateSigningKey, itemHash, type Signer, signTrustEntry } from '#shared/trust/index.ts';
import { readBase, readLocalBase } from './release-chain.ts';
import { draftChange, signChange } from './sign-change.ts';

const appId = randomId(systemRandom);
const node = randomId(systemRandom);
const media = { rule: 'host-path', service: 'web', value: '/srv/media', reason: 'films' };
const root = { rule: 'host-path', service: 'web', value: '/', reason: 'films' };

let device: ScriptedDevice;
let operator: Signer;

beforeEach(async () => {
  device = await createScriptedDevice();
  operator = await addOperator();
});

async function addOperator(): Promise<Signer> {
  const { fleet, context } = device;
  const [key, sealing] = [await generateSigningKey(), await generateSealingKey()];
  const personId = randomId(systemRandom);
  const about = { at: isoTime(context.clock), auditHead: null };
  const person = { kind: 'add-person', personId, name: 'helper', role: 'operator' } as const;
  unwrap(await fleet.takeTrust([await signTrustEntry(fleet.trust(), person, fleet.device.signer, about)]));
  const added = {
    kind: 'add-device',
    personId,
    device: {
      deviceId: key.signer.keyId,
      name: 'tablet',
      kind: 'browser',
      signKey: key.publicKey,
      ageRecipient: sealing.recipient,
    },
  } as const;
  unwrap(await fleet.takeTrust([await signTrustEntry(fleet.trust(), added, fleet.device.signer, about)]));
  return key.signer;
}

/** A release of that signer on top of the last one, as the core shows it. */
async function release(signer: Signer, exceptions: object[]): Promise<void> {
  const { fleet, context, core } = device;
  const body = appBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: '',
    images: {},
    exceptions,
  });
  const before = unwrap(await readBase(fleet, context.clock, appId, node));
  const plan = planRelease({ previous: null, next: body });
  const draft = draftChange({ verb: 'deploy', appId, node, base: before, body, plan, ownerCopies: [] });
  const { header } = await signChange({ ...fleet, device: { ...fleet.device, signer } }, context, draft);
  core.objects.set(sha256Hex(utf8(draft.body)), utf8(draft.body));
  core.headers.push(header);
}

const base = async () => {
  const found = unwrap(await readBase(device.fleet, device.context.clock, appId, node));
  if (found?.body.kind !== 'app' || found.granted.kind !== 'app') throw new Error('no app was released');
  return found as typeof found & { body: { exceptions: unknown[] }; granted: { exceptions: unknown[] } };
};
const owner = () => device.fleet.device.signer;

test('REL-14: an exception that only an operator signed is a line of the owner’s next plan', async () => {
  await release(owner(), [media]);
  await release(operator, [media, root]);
  const { body, granted } = await base();
  expect(body.exceptions).toEqual([media, root]);
  expect(granted.exceptions).toEqual([media]);
  const plan = planRelease({ previous: granted, next: body });
  expect(plan.lines).toMatchObject([
    { subject: 'exception', change: 'add', text: expect.stringContaining(': /, for ') },
  ]);
});

test('REL-14: what an owner signed, and what an operator carried on, is no news', async () => {
  await release(owner(), [media]);
  expect((await base()).granted.exceptions).toEqual([media]);
  await release(operator, [media]);
  await release(operator, [media]);
  const { body, granted } = await base();
  expect(planRelease({ previous: granted, next: body }).lines).toEqual([]);
});

test('REL-14: of an app that no owner ever released, and where the core keeps a header back, nothing is granted', async () => {
  await release(operator, [media]);
  expect((await base()).granted.exceptions).toEqual([]);
  await release(owner(), [media]);
  await release(operator, [media]);
  await release(operator, [media]);
  expect((await base()).granted.exceptions).toEqual([media]);
  device.core.headers.splice(2, 1);
  expect((await base()).granted.exceptions).toEqual([]);
});

/** What a start without the core finds. */
const local = async () => {
  const found = unwrap(await readLocalBase(device.fleet, appId, node));
  if (found?.body.kind !== 'app' || found.granted.kind !== 'app') throw new Error('no app was released');
  return { body: found.body.exceptions, granted: found.granted.exceptions };
};

test('REL-14: without the core that counts which the chain said when it was read, also for what an operator signed after', async () => {
  await release(owner(), [media]);
  await base();
  expect((await local()).granted).toEqual([media]);
  await release(operator, [media, root]);
  await base();
  expect(await local()).toEqual({ body: [media, root], granted: [media] });

  // Signed on this device and not read from the core since.
  await release(operator, [media]);
  const top = device.core.headers.at(-1);
  const last = await device.fleet.store.lastRelease(appId, node);
  if (!top || !last) throw new Error('there are releases');
  const text = JSON.stringify({ ...JSON.parse(last.body), exceptions: [media] });
  const kept = { ...last, number: 3, header: itemHash(top), envelope: top, body: text };
  await device.fleet.store.saveRelease(kept, isoTime(device.context.clock));
  expect(await local()).toEqual({ body: [media], granted: [media] });
});

test('REL-14: without the core an operator’s release above one that was never read grants nothing', async () => {
  await release(operator, [media]);
  await base();
  expect(await local()).toEqual({ body: [media], granted: [] });
});

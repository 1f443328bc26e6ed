import { expect, test } from 'vitest';
import type { Enrolment } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import { addScriptedNode, createScriptedNode } from '#shared/testing/scripted-node.ts';
import { admitHash, createEnrolmentRequest, deriveAdmit, type Envelope } from '#shared/trust/index.ts';
import { admitNode, isKnocking } from './admit-node.ts';
import { openTokens, registerToken, tokensByHash } from './enrolment-tokens.ts';

/** Registers a token and lets a node knock with it. */
async function knock(device: ScriptedDevice, name: string | null, bend: Partial<Enrolment> = {}) {
  const { core, context, fleet } = device;
  core.answers.set('POST /nodes', () => ({ enrolment: randomId(systemRandom), expiresAt: '2026-01-01T00:30:00.000Z' }));
  core.answers.set('POST /trust', () => ({ heads: [] }));
  const { parsed } = unwrap(await registerToken(context, fleet, { name: name ?? undefined, minutes: 30 }));
  const { identity } = await createScriptedNode('cellar');
  const { request, mac } = createEnrolmentRequest({ token: parsed, node: identity, nodeFacts: {} });
  const enrolment: Enrolment = {
    enrolment: randomId(systemRandom),
    admitHash: admitHash(await deriveAdmit(parsed)),
    name,
    state: 'requested',
    expiresAt: parsed.expiresAt,
    request,
    mac,
    requestedAt: null,
    lostRaces: 0,
    ...bend,
  };
  return { enrolment, identity, tokens: [parsed] };
}

test('ENR-4: a node that proves its token is signed in, and the token is spent', async () => {
  const device = await createScriptedDevice();
  const { context, fleet } = device;
  const { enrolment, identity, tokens } = await knock(device, null);
  expect(isKnocking(enrolment, await tokensByHash(tokens))).toBe(true);
  expect(await openTokens(context, fleet)).toEqual(tokens);
  expect(unwrap(await admitNode(context, fleet, enrolment, tokens))).toMatchObject(identity);
  expect(fleet.trust().nodes.get(identity.nodeId)?.name).toBe('cellar');
  expect(await openTokens(context, fleet)).toEqual([]);
});

test('P1: a proof that the core bent is refused there too, and nothing is signed', async () => {
  const device = await createScriptedDevice();
  const { context, fleet, core } = device;
  const { enrolment, tokens } = await knock(device, null);
  let told: unknown;
  core.answers.set(`POST /enrolments/${enrolment.enrolment}/refuse`, (body) => {
    told = body;
    return { state: 'refused' };
  });
  const bent = { ...enrolment, request: String(enrolment.request).replace('cellar', 'attic!') };
  expect(await admitNode(context, fleet, bent, tokens)).toMatchObject({ ok: false, error: { code: 'enrol.bad-mac' } });
  expect(told).toMatchObject({ reason: expect.stringMatching(/\w/) });
  expect(fleet.trust().nodes.size).toBe(0);
  expect(core.asked).not.toContain('POST /trust');
});

test('a name that the fleet has already is made distinct', async () => {
  const device = await createScriptedDevice();
  await addScriptedNode(device, 'cellar');
  const { enrolment, identity, tokens } = await knock(device, 'cellar');
  const node = unwrap(await admitNode(device.context, device.fleet, enrolment, tokens));
  expect(node.name).toBe(`cellar-${identity.nodeId.slice(0, 6)}`);
});

test('ENR-1: an expired token opens nothing any more', async () => {
  const device = await createScriptedDevice();
  await knock(device, null);
  device.all.clock.advance(30 * 60_000);
  expect(await openTokens(device.context, device.fleet)).toEqual([]);
});

test('an enrolment of another token, or without its proof, does not count', async () => {
  const device = await createScriptedDevice();
  const { enrolment, tokens } = await knock(device, null);
  const byHash = await tokensByHash(tokens);
  expect(isKnocking({ ...enrolment, admitHash: '0'.repeat(64) }, byHash)).toBe(false);
  expect(isKnocking({ ...enrolment, state: 'open', request: null }, byHash)).toBe(false);
  const bare = { ...enrolment, mac: null };
  expect(await admitNode(device.context, device.fleet, bare, tokens)).toMatchObject({
    ok: false,
    error: { code: 'enrol.bad-request' },
  });
});

test.each([
  ['before it took the node', false],
  ['after it took the node', true],
])('a core that dies %s is waited for, and the node is signed in once', async (_when, taken) => {
  const device = await createScriptedDevice();
  const { context, fleet, core, all } = device;
  const { enrolment, identity, tokens } = await knock(device, null);
  const log: Envelope[] = [...all.trust.entries];
  let tries = 0;
  core.answers.set('GET /trust', () => ({ entries: log, heads: [] }));
  core.answers.set('POST /trust', (body) => {
    tries++;
    if (taken || tries > 1) log.push(...(body as { entries: Envelope[] }).entries);
    if (tries > 1) return { heads: [] };
    core.away = true;
    throw new FaultError(fault('core.unreachable', 'transient', 'the core died', 'Start it.'));
  });
  const admitted = admitNode(context, fleet, enrolment, tokens);
  await context.timers.whenSet(1_000);
  context.timers.fire(1_000);
  await context.timers.whenSet(1_000);
  core.away = false;
  context.timers.fire(1_000);
  expect(unwrap(await admitted)).toMatchObject(identity);
  expect(log.length).toBe(all.trust.entries.length + 1);
  expect(fleet.trust().nodes.get(identity.nodeId)?.name).toBe('cellar');
  expect(await openTokens(context, fleet)).toEqual([]);
});

test('a core that stays away ends the wait after two minutes, and the token stays open', async () => {
  const device = await createScriptedDevice();
  const { context, fleet, core, all } = device;
  const { enrolment, tokens } = await knock(device, null);
  core.away = true;
  const admitted = admitNode(context, fleet, enrolment, tokens);
  await context.timers.whenSet(1_000);
  all.clock.advance(121_000);
  context.timers.fire(1_000);
  expect(await admitted).toMatchObject({ ok: false, error: { code: 'core.unreachable' } });
  expect(await openTokens(context, fleet)).toEqual(tokens);
});

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import {
  type Fault,
  FaultError,
  fault,
  randomId,
  sha256Hex,
  systemClock,
  systemRandom,
  toBase64,
  unwrap,
  utf8,
} from '#shared/kernel/index.ts';
import { generateSigningKey, openEnvelope, type Signer, trustKeys } from '#shared/trust/index.ts';
import { createNodeAudit } from '../audit/node-audit.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from '../enrol/identity.ts';
import type { HoldKeeper } from '../holding/hold-keeper.ts';
import { takeBackChain } from '../holding/own-chain.ts';
import { createTimeFloor } from '../holding/time-floor.ts';
import { createTrustHolder } from '../link/trust-holder.ts';
import { openNodeDatabase } from '../store/database.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { createAnsweredHold, createUnansweredHold, signStatement } from '../testing/answered-hold.ts';
import { toReleaseMessage } from '../testing/release-message.ts';
import { createScriptedApplier, good } from '../testing/scripted-applier.ts';
import { appBody, createTestFleet, type SignedRelease, type TestFleet } from '../testing/test-fleet.ts';
import type { NodeContext } from './node-context.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';
import { MAX_HELD } from './release-intake.ts';

const appId = randomId(systemRandom);

let keyDir: string;
let dataDir: string;
let fleet: TestFleet;
let operator: Signer;
let viewer: Signer;
let identity: NodeIdentityKeys;
let store: NodeStore;
let reconciler: Reconciler;
let hold: HoldKeeper;
let context: NodeContext;
let script: ReturnType<typeof createScriptedApplier>;
let sent: NodeToCore[];
let waiters: { wants: (message: NodeToCore) => boolean; tell: (message: NodeToCore) => void }[];

async function boot({ answered = true } = {}): Promise<void> {
  store = openNodeStore(dataDir);
  store.trust.add(fleet.state.entries);
  const trust = unwrap(await createTrustHolder(fleet.fleet, store.trust));
  const audit = createNodeAudit({
    store,
    signer: identity.signer,
    fleet: fleet.fleet,
    clock: systemClock,
    trustHead: () => trust.state.head,
    coreAuditHead: () => null,
  });
  const about = { nodeId: identity.nodeId, trust, audit, store };
  hold = answered ? await createAnsweredHold({ ...about, signer: fleet.device }) : createUnansweredHold(about);
  context = {
    fleet: fleet.fleet,
    identity,
    store,
    trust,
    audit,
    hold,
    clock: systemClock,
    timeFloor: createTimeFloor({ trust, store, clock: systemClock, log: () => {} }),
    send(message) {
      sent.push(message);
      for (const waiter of waiters.filter((one) => one.wants(message))) {
        waiters.splice(waiters.indexOf(waiter), 1);
        waiter.tell(message);
      }
      return true;
    },
    log: () => {},
  };
  reconciler = createReconciler(context, script.applier);
}

/** The next message of a type, also one that was sent before. */
function next<T extends NodeToCore['type']>(
  type: T,
  where: (message: Extract<NodeToCore, { type: T }>) => boolean = () => true,
) {
  const wants = (message: NodeToCore) => message.type === type && where(message as Extract<NodeToCore, { type: T }>);
  const found = sent.find(wants);
  if (found) return Promise.resolve(found as Extract<NodeToCore, { type: T }>);
  return new Promise<Extract<NodeToCore, { type: T }>>((resolve) => {
    waiters.push({ wants, tell: (message) => resolve(message as Extract<NodeToCore, { type: T }>) });
  });
}

const toMessage = (chain: readonly SignedRelease[], objects: readonly Uint8Array[] = [], app = appId) =>
  toReleaseMessage(chain, objects, app);

const sign = (number: number, previous: SignedRelease | null, extra: object = {}, wish: object = {}) =>
  fleet.signRelease({
    node: identity.nodeId,
    appId,
    number,
    previous: previous?.header ?? null,
    body: appBody('wiki', extra),
    ...wish,
  });

/** What the chain says that the node did; each start begins with somebody who vouches. */
const actions = async (): Promise<string[]> => {
  const list: string[] = [];
  const keys = (id: string) => (id === identity.nodeId ? identity.signKey : undefined);
  for (const { envelope } of store.audit.after(0, 100)) {
    list.push(unwrap(await openEnvelope(envelope, { kind: 'node-audit', fleet: fleet.fleet, keys })).payload.action);
  }
  return list.filter((action) => action !== 'vouched');
};

beforeAll(async () => {
  // One fleet for all: TLS keys take longer to make than everything that is tested here.
  keyDir = mkdtempSync(join(tmpdir(), 'overseer-keys-'));
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  identity = await loadOrCreateIdentity(keyDir);
  const { nodeId, signKey, ageRecipient, tlsSpki } = identity;
  await fleet.addEntry({ kind: 'add-node', node: { nodeId, name: 'attic', signKey, ageRecipient, tlsSpki } });
  operator = await fleet.addPerson('operator');
  viewer = await fleet.addPerson('viewer');
});
afterAll(() => rmSync(keyDir, { recursive: true, force: true }));
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-reconcile-'));
  sent = [];
  waiters = [];
  script = createScriptedApplier();
  await boot();
});
afterEach(async () => {
  await reconciler.stop();
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('HOLD-10: keeps the issuedAt of a release that it accepted, and of none that it refused', async () => {
  const from = (who: Signer) => store.timeFloor.all().find(([signer]) => signer === who.keyId)?.[1];
  await reconciler.release(toMessage([await sign(1, null, {}, { signer: viewer })]));
  const startedMs = Date.now();
  await reconciler.release(toMessage([await sign(1, null, {}, { signer: operator })]));
  expect(from(viewer)).toBeUndefined();
  expect(from(operator)).toBeGreaterThanOrEqual(startedMs);
  expect(from(operator)).toBeLessThanOrEqual(Date.now());
});

describe('while the node holds', () => {
  /** A start that nobody has answered yet. */
  async function start(): Promise<void> {
    await reconciler.stop();
    store.close();
    await boot({ answered: false });
  }
  const vouch = async () =>
    hold.take(await signStatement({ store, nodeId: identity.nodeId, hold, state: fleet.state, signer: fleet.device }));

  it('HOLD-1: a release waits without an effect, the job says why, and it goes on by itself', async () => {
    await start();
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    expect(await next('step')).toMatchObject({ header: first.header, step: 'verify', state: 'progress' });
    expect(script.calls).toEqual([]);
    expect(store.releases.floor(appId).accepted).toBeNull();
    expect(await actions()).toEqual([]);
    unwrap(await vouch());
    expect(await next('outcome')).toMatchObject({ header: first.header, outcome: 'succeeded' });
  });

  it('HOLD-1: what it would refuse for what it may have forgotten waits too, the rest is refused', async () => {
    await start();
    const stranger = (await generateSigningKey()).signer;
    const first = await sign(1, null, {}, { signer: stranger });
    await reconciler.release(toMessage([first]));
    expect(await next('step')).toMatchObject({ header: first.header, state: 'progress' });
    const late = await sign(1, null, {}, { acceptInMs: -1_000 });
    await reconciler.release(toMessage([late]));
    expect(await next('outcome')).toMatchObject({ header: late.header, fault: { code: 'release.expired' } });
    sent.length = 0;
    unwrap(await vouch());
    expect(await next('outcome')).toMatchObject({ header: first.header, fault: { code: 'trust.unknown-signer' } });
  });

  it('HOLD-1: an app that it runs is repaired, and what it had accepted goes on (P3)', async () => {
    await reconciler.release(toMessage([await sign(1, null)]));
    await next('outcome');
    await start();
    reconciler.resume();
    await script.firstRepair;
    expect(hold.why()).not.toBeNull();
  });

  it('HOLD-1 HOLD-9: what came while its disk was an old copy follows once it has its chain back (A8-44)', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    await reconciler.stop();
    store.close();
    const image = mkdtempSync(join(tmpdir(), 'overseer-image-'));
    cpSync(dataDir, image, { recursive: true });
    await boot();
    const second = await sign(2, first);
    await reconciler.release(toMessage([first, second]));
    await next('outcome', ({ header }) => header === second.header);
    const written = store.audit.after(0, 100);
    const seen = store.audit.head();
    await reconciler.stop();
    store.close();
    rmSync(dataDir, { recursive: true });
    cpSync(image, dataDir, { recursive: true });
    rmSync(image, { recursive: true });
    await boot({ answered: false });
    script.calls.length = 0;

    const about = { store, nodeId: identity.nodeId, hold, state: fleet.state, signer: fleet.device };
    const statement = await signStatement(about, { nodeAuditHead: seen?.hash, nodeAuditSeq: seen?.seq });
    unwrap(await hold.take(statement));
    const third = await sign(3, second);
    await reconciler.release(toMessage([second]));
    await reconciler.release(toMessage([second, third]));
    expect(await next('step', ({ header }) => header === third.header)).toMatchObject({
      state: 'progress',
      text: expect.stringMatching(/put back to an older copy/),
    });
    expect(store.releases.floor(appId).accepted).toMatchObject({ number: 1 });
    expect(script.calls).toEqual([]);

    const own = store.audit.head()?.seq ?? 0;
    const lost = written.filter(({ seq }) => seq > own).map(({ envelope }) => envelope);
    expect(await takeBackChain(context, lost)).toBe(3);
    await hold.recheck();
    expect(await next('outcome', ({ header }) => header === third.header)).toMatchObject({ outcome: 'succeeded' });
    // Release 2 is known to have been taken: it is not taken a second time.
    expect(script.calls.map(({ header }) => header)).toEqual([third.header]);
  });

  it('HOLD-1: of more releases than it keeps it asks the core again for the first', async () => {
    await start();
    const apps = Array.from({ length: MAX_HELD + 1 }, () => randomId(systemRandom));
    for (const app of apps) await reconciler.release(toMessage([await sign(1, null, {}, { appId: app })], [], app));
    expect(sent.filter(({ type }) => type !== 'step')).toEqual([]);
    unwrap(await vouch());
    expect(await next('need-chain')).toMatchObject({ appId: apps[0], afterNumber: 0 });
    await next('outcome', (outcome) => outcome.appId === apps.at(-1));
    const taken = sent.flatMap((message) => (message.type === 'outcome' ? [message.appId] : []));
    expect(new Set(taken)).toEqual(new Set(apps.slice(1)));
  });

  it('HOLD-7: a release whose signer knew the chain ends the hold for itself alone', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    await start();
    const seen = store.audit.head()?.hash;
    const second = await sign(2, first, {}, { nodeAuditHead: seen });
    await reconciler.release(toMessage([first, second]));
    expect(await next('outcome', ({ header }) => header === second.header)).toMatchObject({ outcome: 'succeeded' });
    expect(hold.why()).not.toBeNull();
    // It has taken something since: the same knowledge does not do for the next one.
    const third = await sign(3, second, {}, { nodeAuditHead: seen });
    await reconciler.release(toMessage([second, third]));
    expect(await next('step', ({ header }) => header === third.header)).toMatchObject({ state: 'progress' });
  });
});

describe('taking releases', () => {
  it('P1: applies what an owner signed and answers with a proof signed by the node', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    const outcome = await next('outcome');
    expect(outcome).toMatchObject({ header: first.header, number: 1, outcome: 'succeeded', fault: null, floor: null });
    const proof = unwrap(
      await openEnvelope(outcome.proof, { kind: 'node-audit', fleet: fleet.fleet, keys: trustKeys(fleet.state) }),
    );
    expect(proof.payload).toMatchObject({ action: 'succeeded', order: first.header });
    expect(await actions()).toEqual(['accepted', 'succeeded']);
    expect(store.releases.floor(appId).running?.digests).toEqual({ web: 'sha256:1' });
  });

  it('P1: refuses what nobody in the log signed, without an effect', async () => {
    const stranger = (await generateSigningKey()).signer;
    await reconciler.release(toMessage([await sign(1, null, {}, { signer: stranger })]));
    expect(await next('outcome')).toMatchObject({ outcome: 'refused', fault: { code: 'trust.unknown-signer' } });
    expect(script.calls).toEqual([]);
    expect(store.releases.floor(appId).accepted).toBeNull();
    expect(await actions()).toEqual(['refused']);
  });

  it('P5: accepted is on the disk before the applier is called', async () => {
    let seen: unknown;
    script.answer(async ({ header }) => {
      const other = openNodeStore(dataDir);
      seen = other.releases.get(header)?.header;
      other.close();
      return good;
    });
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    expect(seen).toBe(first.header);
  });

  it('REL-5: answers the same bytes again with the known outcome and applies nothing twice', async () => {
    const message = toMessage([await sign(1, null)]);
    await reconciler.release(message);
    await next('outcome');
    store.releases.acknowledge((await next('outcome')).header);
    sent.length = 0;
    await reconciler.release(message);
    expect(await next('outcome')).toMatchObject({ outcome: 'succeeded' });
    expect(script.calls).toHaveLength(1);
    expect(await actions()).toEqual(['accepted', 'succeeded']);
  });

  it('REL-4: of two releases with one number the first stands, and the refusal carries its header', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    const rival = await sign(1, null, { compose: 'services: {other: {image: x}}\n' });
    await reconciler.release(toMessage([rival]));
    const refused = await next('outcome', (message) => message.header === rival.header);
    expect(refused).toMatchObject({
      outcome: 'refused',
      floor: first.envelope,
      fault: { code: 'release.number-taken' },
    });
  });

  it('asks once for the missing part of a chain, then refuses', async () => {
    const second = await sign(2, await sign(1, null));
    await reconciler.release(toMessage([second]));
    expect(await next('need-chain')).toMatchObject({ appId, afterNumber: 0 });
    await reconciler.release(toMessage([second]));
    expect(await next('outcome')).toMatchObject({ fault: { code: 'release.chain-incomplete' } });
  });

  it('asks for objects it lacks and begins when it has them all', async () => {
    const file = utf8('hello');
    const files = [{ path: 'conf/a', sha256: sha256Hex(file), mode: 0o444 }];
    await reconciler.release(toMessage([await sign(1, null, { files })]));
    const { hash } = await next('need-object');
    expect(hash).toBe(sha256Hex(file));
    expect(script.calls).toEqual([]);
    await reconciler.object({ type: 'object', hash, data: toBase64(file) });
    expect(await next('outcome')).toMatchObject({ outcome: 'succeeded' });
    expect(await script.calls[0]?.object(hash)).toEqual(Buffer.from(file));
  });

  it('refuses a release whose object the core does not hold or has changed', async () => {
    const files = [{ path: 'conf/a', sha256: sha256Hex(utf8('right')), mode: 0o444 }];
    await reconciler.release(toMessage([await sign(1, null, { files })], [utf8('wrong')]));
    const { hash } = await next('need-object');
    await reconciler.object({ type: 'object', hash, data: toBase64(utf8('wrong')) });
    expect(await next('outcome')).toMatchObject({ outcome: 'refused', fault: { code: 'release.object-missing' } });
  });

  it('refuses a body that does not fit its schema, naming the field', async () => {
    await reconciler.release(toMessage([await sign(1, null, { state: 'dancing' })]));
    expect(await next('outcome')).toMatchObject({ fault: { code: 'release.bad-body', field: 'state' } });
    expect(store.releases.floor(appId).accepted).toBeNull();
  });
});

describe('releases of an operator', () => {
  const exception = { rule: 'host-path', service: 'web', value: '/srv/wiki', reason: 'its pages' };
  const refusal = async (release: SignedRelease, chain: SignedRelease[] = [release]) => {
    await reconciler.release(toMessage(chain));
    const { fault: why, outcome } = await next('outcome', (message) => message.header === release.header);
    return outcome === 'refused' ? (why?.code ?? 'refused') : outcome;
  };

  it('REL-14: carries on what an owner granted, and is refused a new exception, which advances nothing', async () => {
    const first = await sign(1, null, { exceptions: [exception] });
    expect(await refusal(first)).toBe('succeeded');
    const second = await sign(2, first, { exceptions: [exception] }, { signer: operator });
    expect(await refusal(second)).toBe('succeeded');
    const wider = { ...exception, value: '/etc' };
    const third = await sign(3, second, { exceptions: [exception, wider] }, { signer: operator });
    expect(await refusal(third)).toBe('release.exception-needs-owner');
    expect(store.releases.floor(appId).accepted?.header).toBe(second.header);
    expect(script.calls.map(({ number }) => number)).toEqual([1, 2]);
    // The refused header stays a link of the chain: the owner signs on top of it.
    const fourth = await sign(4, third, { exceptions: [wider] });
    expect(await refusal(fourth, [third, fourth])).toBe('succeeded');
  });

  it('REL-15: what the owner granted outlasts releases of operators and the bodies that were swept', async () => {
    const first = await sign(1, null, { exceptions: [exception] });
    await refusal(first);
    let last = first;
    for (const number of [2, 3, 4]) {
      last = await sign(number, last, {}, { signer: operator });
      expect(await refusal(last)).toBe('succeeded');
    }
    await reconciler.stop();
    store.close();
    await boot();
    expect(store.objects.has(sha256Hex(first.body))).toBe(false);
    expect(await refusal(await sign(5, last, { exceptions: [exception] }, { signer: operator }))).toBe('succeeded');
  });

  it('REL-14: a release that an owner signed without it takes the exception back', async () => {
    const first = await sign(1, null, { exceptions: [exception] });
    const second = await sign(2, first);
    expect([await refusal(first), await refusal(second)]).toEqual(['succeeded', 'succeeded']);
    const back = await sign(3, second, { exceptions: [exception] }, { signer: operator });
    expect(await refusal(back)).toBe('release.exception-needs-owner');
  });

  it('REL-15: a release from before the base was kept counts by its body', async () => {
    const first = await sign(1, null, { exceptions: [exception] });
    await refusal(first);
    const database = openNodeDatabase(dataDir);
    database.exec('UPDATE release SET owner_base = NULL');
    database.close();
    const second = await sign(2, first, { exceptions: [exception] }, { signer: operator });
    expect(await refusal(second)).toBe('succeeded');
  });

  it('REL-12, REL-13: is refused the ingress and the deletion of data', async () => {
    const ingress = { kind: 'ingress', image: { ref: 'traefik', digest: null }, acme: null };
    expect(await refusal(await sign(1, null, ingress, { signer: operator }))).toBe('release.kind-needs-owner');
    const owned = await sign(1, null, ingress);
    expect(await refusal(owned)).toBe('succeeded');
    expect(await refusal(await sign(2, owned, {}, { signer: operator }))).toBe('release.kind-needs-owner');
    const removal = { state: 'removed', deleteVolumes: ['pages'] };
    const other = { signer: operator, appId: randomId(systemRandom) };
    expect(await refusal(await sign(2, owned, removal, { signer: operator }))).toBe('release.kind-needs-owner');
    const elsewhere = await sign(1, null, removal, other);
    await reconciler.release({ ...toMessage([elsewhere]), appId: other.appId });
    expect(await next('outcome', (message) => message.header === elsewhere.header)).toMatchObject({
      outcome: 'refused',
      fault: { code: 'release.deletion-needs-owner', next: expect.stringContaining("owner's desktop or CLI") },
    });
  });

  it('LOG-13: a viewer orders nothing', async () => {
    expect(await refusal(await sign(1, null, {}, { signer: viewer }))).toBe('trust.not-allowed');
  });
});

describe('carrying releases out', () => {
  it('P5: goes on with an accepted release after a restart', async () => {
    script.answer(() => new Promise(() => {}));
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    // The process is gone here: nothing of it ends, the store is all that is left.
    void reconciler.stop();
    store.close();
    script = createScriptedApplier();
    sent = [];
    await boot();
    reconciler.resume();
    expect(await next('outcome')).toMatchObject({ header: first.header, outcome: 'succeeded' });
    expect(await actions()).toEqual(['accepted', 'succeeded']);
  });

  it('P8: the entry of an outcome tells what was done outside', async () => {
    script.answer(async (_request, onStep) => {
      onStep({ step: 'pull', state: 'done', text: 'web' });
      onStep({ step: 'dns', state: 'started', text: 'keeping' });
      onStep({ step: 'dns', state: 'done', text: 'a.example A 192.0.2.1 created' });
      return good;
    });
    await reconciler.release(toMessage([await sign(1, null)]));
    const { proof } = await next('outcome');
    const keys = trustKeys(fleet.state);
    const entry = unwrap(await openEnvelope(proof, { kind: 'node-audit', fleet: fleet.fleet, keys })).payload;
    expect(entry.detail).toEqual({ dns: 'a.example A 192.0.2.1 created', digests: '{"web":"sha256:1"}' });
  });

  it('supersedes a release that a newer one overtook before it began', async () => {
    let letGo = (): void => {};
    script.answer(
      () =>
        new Promise((resolve) => {
          letGo = () => resolve(good);
        }),
    );
    const [first] = [await sign(1, null)];
    const second = await sign(2, first);
    const third = await sign(3, second);
    await reconciler.release(toMessage([first]));
    await reconciler.release(toMessage([second]));
    await reconciler.release(toMessage([second, third]));
    await new Promise((resolve) => setImmediate(resolve));
    letGo();
    script.answer(async () => good);
    await next('outcome', (message) => message.header === third.header);
    const ends = sent.flatMap((message) => (message.type === 'outcome' ? [[message.number, message.outcome]] : []));
    expect(ends).toEqual([
      [1, 'succeeded'],
      [2, 'superseded'],
      [3, 'succeeded'],
    ]);
  });

  it('P6: gives the last good release along, and a failed one never becomes it', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    const broken: Fault = fault('app.unhealthy', 'permanent', 'sick', 'mend it');
    script.answer(async () => ({ outcome: 'rolled-back', digests: {}, awayMs: 1_200, fault: broken }));
    const second = await sign(2, first);
    await reconciler.release(toMessage([second]));
    expect(await next('outcome', (message) => message.number === 2)).toMatchObject({
      outcome: 'rolled-back',
      awayMs: 1_200,
      fault: { code: 'app.unhealthy' },
    });
    expect(script.calls[1]?.previousGood).toMatchObject({ number: 1, digests: { web: 'sha256:1' } });
    expect(store.releases.floor(appId)).toMatchObject({ accepted: { number: 2 }, running: { number: 1 } });
    const third = await sign(3, second);
    script.answer(async () => good);
    await reconciler.release(toMessage([third]));
    await next('outcome', (message) => message.number === 3);
    expect(script.calls[2]?.previousGood?.number).toBe(1);
  });

  it('decides nothing while the engine is absent: the step says so and the release waits', async () => {
    script.answer(async () => {
      throw new FaultError(fault('engine.absent', 'transient', 'Docker does not answer.', 'Start it.'));
    });
    await reconciler.release(toMessage([await sign(1, null)]));
    const step = await next('step', (message) => message.state === 'progress');
    expect(step.text).toContain('Docker does not answer.');
    expect(sent.some((message) => message.type === 'outcome')).toBe(false);
    expect(store.releases.unfinished()).toHaveLength(1);
  });

  it('keeps an outcome until the core has it', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    expect(store.releases.outbox()).toMatchObject([{ header: first.header }]);
    store.releases.acknowledge(first.header);
    expect(store.releases.outbox()).toEqual([]);
  });

  it('drops objects that neither the newest nor the last good release needs', async () => {
    const file = utf8('old file');
    const files = [{ path: 'conf/a', sha256: sha256Hex(file), mode: 0o444 }];
    const first = await sign(1, null, { files });
    await reconciler.release(toMessage([first], [file]));
    await next('outcome');
    expect(store.objects.has(sha256Hex(file))).toBe(true);
    await reconciler.release(toMessage([await sign(2, first)]));
    await next('outcome', (message) => message.number === 2);
    await reconciler.stop();
    expect(store.objects.has(sha256Hex(file))).toBe(false);
  });
});

describe('without a core', () => {
  it('P3: repairs every app that ran, from the store alone, at each start', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    await reconciler.stop();
    store.close();
    script = createScriptedApplier();
    await boot();
    reconciler.resume();
    await script.firstRepair;
    expect(script.repairs).toEqual([first.header]);
  });

  it('P3: does not repair an app that its owner removed', async () => {
    const first = await sign(1, null, { state: 'removed' });
    await reconciler.release(toMessage([first]));
    await next('outcome');
    reconciler.engineBack();
    await reconciler.stop();
    expect(script.repairs).toEqual([]);
  });

  it('reports what it sees in an envelope of its own, with what it accepted and runs', async () => {
    const first = await sign(1, null);
    await reconciler.release(toMessage([first]));
    await next('outcome');
    const { envelope } = await next('report');
    const opened = unwrap(
      await openEnvelope(envelope, { kind: 'report', fleet: fleet.fleet, keys: trustKeys(fleet.state) }),
    );
    expect(opened.payload).toMatchObject({
      node: identity.nodeId,
      apps: [{ appId, accepted: { header: first.header } }],
    });
  });
});

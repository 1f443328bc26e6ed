import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NodeToCore, STREAM_INITIAL_CREDIT } from '#shared/contracts/link/messages.ts';
import { fromBase64, ok, randomId, systemClock, systemRandom, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import {
  createStreamReceiver,
  generateSigningKey,
  itemHash,
  openEnvelope,
  type Signer,
  type StreamReceiver,
  signEnvelope,
} from '#shared/trust/index.ts';
import { createNodeAudit } from '../audit/node-audit.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from '../enrol/identity.ts';
import type { HoldKeeper } from '../holding/hold-keeper.ts';
import { createTimeFloor } from '../holding/time-floor.ts';
import { createTrustHolder } from '../link/trust-holder.ts';
import type { LogLine, LogQuery } from '../reconcile/applier-port.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { createAnsweredHold, createUnansweredHold } from '../testing/answered-hold.ts';
import { appBody, createTestFleet, type TestFleet } from '../testing/test-fleet.ts';
import { type CommandRunner, createCommandRunner } from './command-runner.ts';
import type { CommandPorts } from './verbs.ts';

const session = randomId(systemRandom);
const writer = randomId(systemRandom);
const appId = randomId(systemRandom);
let keyDir: string;
let dataDir: string;
let fleet: TestFleet;
let identity: NodeIdentityKeys;
let store: NodeStore;
let runner: CommandRunner;
let run: (hold: HoldKeeper) => CommandRunner;
/** Of a start that nobody has answered yet. */
let unanswered: HoldKeeper;
let sent: NodeToCore[];
let arrived: (() => void)[];
let restarts: string[];
let logSource: (query: LogQuery) => AsyncIterable<LogLine>;
let counter = 0;

beforeAll(async () => {
  keyDir = mkdtempSync(join(tmpdir(), 'overseer-keys-'));
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  identity = await loadOrCreateIdentity(keyDir);
  const { nodeId, signKey, ageRecipient, tlsSpki } = identity;
  await fleet.addEntry({ kind: 'add-node', node: { nodeId, name: 'attic', signKey, ageRecipient, tlsSpki } });
});
afterAll(() => rmSync(keyDir, { recursive: true, force: true }));

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-commands-'));
  store = openNodeStore(dataDir);
  store.trust.add(fleet.state.entries);
  const trust = unwrap(await createTrustHolder(fleet.fleet, store.trust));
  sent = [];
  arrived = [];
  restarts = [];
  logSource = async function* () {
    yield { service: 'web', stream: 'stdout', time: '2026-01-01T00:00:00Z', bytes: utf8('hello') };
  };
  const audit = createNodeAudit({
    store,
    signer: identity.signer,
    fleet: fleet.fleet,
    clock: systemClock,
    trustHead: () => trust.state.head,
    coreAuditHead: () => null,
  });
  const release = await fleet.signRelease({
    node: identity.nodeId,
    appId,
    number: 1,
    previous: null,
    body: appBody('wiki'),
  });
  const body = '0'.repeat(64);
  const { header, envelope } = release;
  const acceptedAt = '2026-01-01T00:00:00.000Z';
  store.releases.accept({ header, appId, number: 1, envelope, body, content: null, acceptedAt, ownerBase: null }, []);
  const about = { nodeId: identity.nodeId, trust, audit, store };
  const timeFloor = createTimeFloor({ trust, store, clock: systemClock, log: () => {} });
  const context = { fleet: fleet.fleet, identity, store, trust, audit, clock: systemClock, timeFloor, log: () => {} };
  const send = (message: NodeToCore) => {
    sent.push(message);
    for (const tell of arrived.splice(0)) tell();
    return true;
  };
  const ports: CommandPorts = {
    applier: {
      logs: (query) => logSource(query),
      volumes: async () => [{ name: 'ov_data', sizeBytes: 12 }],
    },
    restart: async (id) => {
      restarts.push(id);
      return ok();
    },
    probe: async () => ({ engine: '28.5.2', compose: '5.6.0', ports: [], addresses: [] }),
    agentLogs: async function* () {
      yield { service: 'agent', stream: 'stdout', time: '2026-01-01T00:00:00Z', bytes: utf8('link is up') };
    },
    connector: async () => {
      throw new Error('no connector in this test');
    },
  };
  run = (hold) => createCommandRunner({ ...context, hold, send }, session, ports);
  runner = run(await createAnsweredHold({ ...about, signer: fleet.device }));
  unanswered = createUnansweredHold(about);
});
afterEach(() => {
  runner.disconnected();
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Wish {
  verb: string;
  args: object;
  receiver?: StreamReceiver;
  change?: object;
  signer?: Signer;
}

async function order({ verb, args, receiver, change = {}, signer = fleet.device }: Wish) {
  counter += 1;
  const envelope = await signEnvelope(
    'command',
    {
      fleet: fleet.fleet,
      node: identity.nodeId,
      verb,
      args,
      session,
      writer,
      counter,
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      replyKey: receiver?.publicKey ?? null,
      ...change,
    },
    signer,
  );
  await runner.command({ type: 'command', envelope });
  return { envelope, hash: itemHash(envelope) };
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => arrived.push(resolve));
  }
}

const resultOf = (hash: string) =>
  until(() =>
    sent.find(
      (message): message is Extract<NodeToCore, { type: 'command-result' }> =>
        message.type === 'command-result' && message.command === hash,
    ),
  );
const framesOf = (hash: string) =>
  sent.flatMap((message) => (message.type === 'frame' && message.command === hash ? [message.data] : []));

/** The plain text of the whole answer, as the device reads it. */
async function readAll(hash: string, receiver: StreamReceiver): Promise<string> {
  const { hello } = await resultOf(hash);
  unwrap(await receiver.begin({ hello: hello ?? '', commandHash: hash, nodeSignKey: identity.signKey }));
  let text = '';
  for (let index = 0; ; index++) {
    const data = await until(() => framesOf(hash)[index]);
    const frame = unwrap(await receiver.open(fromBase64(data) ?? new Uint8Array()));
    text += utf8ToText(frame.bytes);
    if (frame.last) return text;
  }
}

const chain = async () => {
  const keys = (id: string) => (id === identity.nodeId ? identity.signKey : undefined);
  const opened = store.audit
    .after(0, 100)
    .map(({ envelope }) => openEnvelope(envelope, { kind: 'node-audit', fleet: fleet.fleet, keys }));
  return (await Promise.all(opened)).map((one) => unwrap(one).payload);
};

describe('commands', () => {
  it('P1: answers with frames that only the device can read, the last one marked', async () => {
    const receiver = await createStreamReceiver();
    const { hash } = await order({ verb: 'volumes', args: { appId }, receiver });
    expect(JSON.parse(await readAll(hash, receiver))).toEqual({ volumes: [{ name: 'ov_data', sizeBytes: 12 }] });
    expect(JSON.stringify(sent)).not.toContain('ov_data');
    expect(framesOf(hash).map((data) => fromBase64(data)?.[0])).toEqual([1]);
  });

  it('sends log lines as JSON lines', async () => {
    const receiver = await createStreamReceiver();
    const { hash } = await order({ verb: 'logs', args: { appId }, receiver });
    const lines = (await readAll(hash, receiver))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([{ service: 'web', stream: 'stdout', time: '2026-01-01T00:00:00Z', line: 'aGVsbG8=' }]);
  });

  it('P1: the log of the agent itself goes out sealed, to devices that may read logs', async () => {
    const receiver = await createStreamReceiver();
    const { hash } = await order({ verb: 'agent-logs', args: { tail: 10 }, receiver });
    expect(JSON.parse(await readAll(hash, receiver))).toMatchObject({ service: 'agent', line: 'bGluayBpcyB1cA==' });
    expect(JSON.stringify(sent)).not.toContain('bGluayBpcyB1cA');
    const bad = await order({ verb: 'agent-logs', args: { appId }, receiver });
    expect(await resultOf(bad.hash)).toMatchObject({ ok: false, fault: { code: 'command.bad-args' } });
  });

  it('sends no more frames than it has credit for, and stops reading when it is cancelled', async () => {
    let read = 0;
    let ended = (): void => {};
    const over = new Promise<void>((resolve) => {
      ended = resolve;
    });
    logSource = async function* ({ signal }) {
      try {
        const bytes = new Uint8Array(60_000);
        for (; !signal.aborted; read++) yield { service: 'web', stream: 'stdout', time: 't', bytes };
      } finally {
        ended();
      }
    };
    const receiver = await createStreamReceiver();
    const { hash } = await order({ verb: 'logs', args: { appId, follow: true }, receiver });
    await until(() => framesOf(hash)[STREAM_INITIAL_CREDIT - 1]);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(framesOf(hash)).toHaveLength(STREAM_INITIAL_CREDIT);
    const before = read;
    runner.credit(hash, 2);
    await until(() => framesOf(hash)[STREAM_INITIAL_CREDIT + 1]);
    expect(read).toBeGreaterThan(before);
    runner.cancel(hash);
    await over;
    expect(framesOf(hash)).toHaveLength(STREAM_INITIAL_CREDIT + 2);
  });

  it('tells inside the stream why a log broke', async () => {
    logSource = async function* () {
      yield { service: 'web', stream: 'stderr', time: 't', bytes: utf8('last words') };
      throw new Error('the engine went away');
    };
    const receiver = await createStreamReceiver();
    const { hash } = await order({ verb: 'logs', args: { appId }, receiver });
    const lines = (await readAll(hash, receiver))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[1]).toMatchObject({ fault: { code: 'node.logs-broke' } });
  });

  it('HOLD-8: while the node holds it answers reads and takes no restart', async () => {
    runner = run(unanswered);
    const restart = await order({ verb: 'restart', args: { appId } });
    expect(await resultOf(restart.hash)).toMatchObject({ ok: false, fault: { code: 'hold.waiting' } });
    expect(restarts).toEqual([]);
    const volumes = await order({ verb: 'volumes', args: { appId }, receiver: await createStreamReceiver() });
    expect(await resultOf(volumes.hash)).toMatchObject({ ok: true });
  });

  it('P8: leaves one entry per command, carried out or refused', async () => {
    const { envelope, hash } = await order({ verb: 'restart', args: { appId } });
    expect(await resultOf(hash)).toMatchObject({ ok: true, hello: null });
    await runner.command({ type: 'command', envelope });
    expect(restarts).toEqual([appId]);
    expect(await chain()).toMatchObject([
      { action: 'vouched' },
      { action: 'command', order: hash, subject: { verb: 'restart', appId } },
      { action: 'refused', order: hash, detail: { fault: 'command.replayed' } },
    ]);
  });

  it.each([
    ['another session', { session: randomId(systemRandom) }, 'command.wrong-session'],
    ['an end too far ahead', { expiresAt: new Date(Date.now() + 3_600_000).toISOString() }, 'command.expiry-too-far'],
    ['an end in the past', { expiresAt: new Date(Date.now() - 1_000).toISOString() }, 'command.expired'],
    ['another node', { node: randomId(systemRandom) }, 'command.wrong-node'],
    ['arguments that do not fit', { args: { appId, sudo: true } }, 'command.bad-args'],
    ['an app this node does not know', { args: { appId: randomId(systemRandom) } }, 'command.unknown-app'],
  ])('P1: refuses a command with %s', async (_what, change, code) => {
    const { hash } = await order({ verb: 'restart', args: { appId }, change });
    expect(await resultOf(hash)).toMatchObject({ ok: false, fault: { code } });
    expect(restarts).toEqual([]);
  });

  it('P1: refuses a command of a key that is in no log, and data without a key to seal it to', async () => {
    const stranger = (await generateSigningKey()).signer;
    const first = await order({ verb: 'restart', args: { appId }, signer: stranger });
    expect(await resultOf(first.hash)).toMatchObject({ fault: { code: 'trust.unknown-signer' } });
    const second = await order({ verb: 'volumes', args: { appId } });
    expect(await resultOf(second.hash)).toMatchObject({ fault: { code: 'command.no-reply-key' } });
  });
});

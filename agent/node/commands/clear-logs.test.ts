import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import {
  fromBase64,
  ok,
  randomId,
  systemClock,
  systemRandom,
  toHex,
  unwrap,
  utf8,
  utf8ToText,
} from '#shared/kernel/index.ts';
import { createStreamReceiver, type Envelope, type Grant, openEnvelope, trustKeys } from '#shared/trust/index.ts';
import { createNodeAudit } from '../audit/node-audit.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from '../enrol/identity.ts';
import { createTimeFloor } from '../holding/time-floor.ts';
import { createTrustHolder, type TrustHolder } from '../link/trust-holder.ts';
import type { LogLine } from '../reconcile/applier-port.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { createAnsweredHold } from '../testing/answered-hold.ts';
import { appBody, createTestFleet, type TestFleet } from '../testing/test-fleet.ts';
import { type CommandRunner, createCommandRunner } from './command-runner.ts';

const [appId, other, tokenId] = [randomId(systemRandom), randomId(systemRandom), randomId(systemRandom)];
let dataDir: string;
let fleet: TestFleet;
let identity: NodeIdentityKeys;
let store: NodeStore;
let trust: TrustHolder;
let runner: CommandRunner;
let sent: NodeToCore[];
let lines: () => AsyncIterable<LogLine>;

const line = (text: string): LogLine => ({
  service: 'web',
  stream: 'stdout',
  time: '2026-01-01T00:00:00Z',
  bytes: utf8(text),
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-clear-logs-'));
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  identity = await loadOrCreateIdentity(dataDir);
  const { nodeId, signKey, ageRecipient, tlsSpki } = identity;
  await fleet.addEntry({ kind: 'add-node', node: { nodeId, name: 'attic', signKey, ageRecipient, tlsSpki } });
  store = openNodeStore(dataDir);
  store.trust.add(fleet.state.entries);
  trust = unwrap(await createTrustHolder(fleet.fleet, store.trust));
  const trustHead = () => trust.state.head;
  const keeping = { store, fleet: fleet.fleet, clock: systemClock, trustHead, coreAuditHead: () => null };
  const audit = createNodeAudit({ ...keeping, signer: identity.signer });
  for (const id of [appId, other]) {
    const about = { node: nodeId, appId: id, number: 1, previous: null, body: appBody('wiki') };
    const { header, envelope } = await fleet.signRelease(about);
    const kept = { header, appId: id, number: 1, envelope, body: '0'.repeat(64), acceptedAt: '2026-01-01T00:00:00Z' };
    store.releases.accept({ ...kept, content: null, ownerBase: null }, []);
  }
  lines = async function* () {
    yield line('hello');
  };
  sent = [];
  const hold = await createAnsweredHold({ nodeId, trust, audit, store, signer: fleet.device });
  const timing = { clock: systemClock, log: () => {} };
  const timeFloor = createTimeFloor({ trust, store, ...timing });
  const context = { fleet: fleet.fleet, identity, store, trust, audit, ...timing, timeFloor, hold };
  runner = createCommandRunner({ ...context, send: (message) => sent.push(message) > 0 }, randomId(systemRandom), {
    applier: { logs: () => lines(), volumes: async () => [] },
    restart: async () => ok(),
    probe: async () => ({ engine: null, compose: null, ports: [], addresses: [] }),
    agentLogs: async function* () {},
    connector: async () => {
      throw new Error('no connector in this test');
    },
  });
});
afterEach(() => {
  runner.disconnected();
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const grantId = randomId(systemRandom);
const grant = async (change: Partial<Grant> = {}): Promise<void> => {
  const full = { grantId, to: { tokenId }, role: 'viewer', verbs: ['clear-logs'], apps: [appId] } as const;
  const entry = await fleet.addEntry({ kind: 'grant', ...full, ...change } as never);
  unwrap(await trust.receive([entry]));
};

/** Asks as the core does; gives the refusal, or the text that came. */
async function ask(about: { appId?: string; tokenId?: string; args?: object } = {}): Promise<string> {
  const receiver = await createStreamReceiver();
  const command = toHex(systemRandom.bytes(32));
  const args = { tail: 10, follow: false, ...about.args };
  const base = { type: 'clear-logs', command, tokenId, appId, replyKey: receiver.publicKey } as const;
  await runner.clearLogs({ ...base, ...about, args });
  const answer = await vi.waitUntil(() => find('command-result', command)[0]);
  if (answer.hello === null) return answer.fault?.code ?? '';
  unwrap(await receiver.begin({ hello: answer.hello, commandHash: command, nodeSignKey: identity.signKey }));
  let text = '';
  for (let read = 0; ; read++) {
    const frame = await vi.waitUntil(() => find('frame', command)[read]);
    const opened = unwrap(await receiver.open(fromBase64(frame.data) ?? new Uint8Array()));
    text += utf8ToText(opened.bytes);
    if (opened.last) return text;
  }
}

function find<T extends 'command-result' | 'frame'>(type: T, command: string) {
  return sent.filter(
    (one): one is Extract<NodeToCore, { type: T }> => one.type === type && 'command' in one && one.command === command,
  );
}

async function audited(): Promise<unknown[]> {
  const keys = trustKeys(fleet.state, 'node');
  const entries = store.audit.after(0, 100).map(({ envelope }) => envelope as Envelope);
  const opened = await Promise.all(
    entries.map((one) => openEnvelope(one, { kind: 'node-audit', fleet: fleet.fleet, keys })),
  );
  return opened.map((one) => unwrap(one).payload).map(({ action, subject }) => [action, subject.token]);
}

describe('P1 LOG-26: logs in clear text', () => {
  it('LOG-26: come for no token until an owner has granted them, and each time is written down', async () => {
    expect(await ask()).toBe('trust.logs-not-granted');
    await grant();
    expect(await ask()).toContain(Buffer.from('hello').toString('base64'));
    expect(await audited()).toEqual(
      expect.arrayContaining([
        ['refused', tokenId],
        ['clear-logs', tokenId],
      ]),
    );
  });

  it('LOG-26: of this app and this token alone, on the nodes that are named, and until it ends', async () => {
    await grant();
    expect(await ask({ appId: other })).toBe('trust.logs-not-granted');
    expect(await ask({ args: { appId: other } })).toContain('web');
    expect(await ask({ tokenId: randomId(systemRandom) })).toBe('trust.logs-not-granted');
    await grant({ nodes: [randomId(systemRandom)] });
    expect(await ask()).toBe('trust.logs-not-granted');
    await grant({ expiresAt: '2020-01-01T00:00:00.000Z' });
    expect(await ask()).toBe('trust.logs-not-granted');
    await grant({ role: null });
    expect(await ask()).toBe('trust.logs-not-granted');
  });

  it('LOG-26: end for who is reading on as soon as the grant is taken back', async () => {
    await grant();
    lines = async function* () {
      yield line('before');
      await grant({ role: null });
      yield line('after');
    };
    const text = await ask({ args: { follow: true } });
    expect(text).toContain(Buffer.from('before').toString('base64'));
    expect(text).not.toContain(Buffer.from('after').toString('base64'));
    expect(text).toContain('trust.logs-not-granted');
  });

  it('CMD-7: of a revoked node do not come', async () => {
    await grant();
    unwrap(await trust.receive([await fleet.addEntry({ kind: 'revoke-node', nodeId: identity.nodeId })]));
    expect(await ask()).toBe('node.revoked');
  });

  it('LOG-26: arguments that can not be are refused', async () => {
    await grant();
    expect(await ask({ args: { tail: -1 } })).toBe('command.bad-args');
  });
});

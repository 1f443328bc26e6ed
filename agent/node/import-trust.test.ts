import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Fault, systemClock, unwrap } from '#shared/kernel/index.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { createNodeAudit } from './audit/node-audit.ts';
import type { NodeConfig } from './config.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from './enrol/identity.ts';
import { importTrust } from './import-trust.ts';
import { createTrustHolder } from './link/trust-holder.ts';
import { writeStatusFile } from './status-file.ts';
import { openNodeStore } from './store/node-store.ts';
import { createUnansweredHold, signStatement } from './testing/answered-hold.ts';
import { createTestFleet, type TestFleet } from './testing/test-fleet.ts';

let config: NodeConfig;
let fleet: TestFleet;
let identity: NodeIdentityKeys;
let faults: Fault[];
let said: string;

beforeEach(async () => {
  const folder = temporaryFolder();
  const engine = { dockerSocket: '/none', composeBin: '/none', addressRange: undefined };
  config = { dataDir: join(folder, 'data'), runDir: join(folder, 'run'), ...engine };
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  identity = await loadOrCreateIdentity(config.dataDir);
  const { nodeId, signKey, ageRecipient, tlsSpki } = identity;
  await fleet.addEntry({ kind: 'add-node', node: { nodeId, name: 'attic', signKey, ageRecipient, tlsSpki } });
  const store = openNodeStore(config.dataDir);
  store.setSetting('fleet', fleet.fleet);
  store.trust.add(fleet.state.entries);
  store.close();
  faults = [];
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

/** As `overseer trust export FILE` writes it. */
function exported(entries: readonly Envelope[]): string {
  const file = join(temporaryFolder(), 'trust.jsonl');
  writeFileSync(file, entries.map((envelope) => `${JSON.stringify({ type: 'trust', envelope })}\n`).join(''));
  return file;
}
const imported = (file: string) =>
  importTrust(config, file, (value) => {
    faults.push(value);
    return 1;
  });
const stored = () => {
  const store = openNodeStore(config.dataDir);
  const { length } = store.trust.entries();
  store.close();
  return length;
};

it('HOLD-4: past a core that keeps entries back, what a device wrote lets the running node go on (A8-44)', async () => {
  const store = openNodeStore(config.dataDir);
  const trust = unwrap(await createTrustHolder(fleet.fleet, store.trust));
  const heads = { trustHead: () => trust.state.head, coreAuditHead: () => null };
  const audit = createNodeAudit({ store, signer: identity.signer, fleet: fleet.fleet, clock: systemClock, ...heads });
  const parts = { nodeId: identity.nodeId, trust, audit, store };
  const hold = createUnansweredHold(parts);
  await fleet.addPerson('viewer');
  const about = { store, nodeId: identity.nodeId, hold, state: fleet.state, signer: fleet.device };
  unwrap(await hold.take(await signStatement(about)));
  expect(hold.why()).toMatchObject({ code: 'hold.behind-trust', next: expect.stringContaining('trust import FILE') });
  writeStatusFile(config.runDir, {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    link: { connected: true, lastHeartbeatAt: null, lastFault: null },
    hold: hold.view(),
  });
  // What the agent does when another program of its machine tells it to look.
  const told = new Promise<void>((resolve) => process.once('SIGHUP', () => resolve()));
  expect(await imported(exported(fleet.state.entries))).toBe(0);
  await told;
  unwrap(await trust.reload());
  await hold.recheck();
  expect(hold.why()).toBeNull();
  expect(said).toContain('2 new entries of 4');
  store.close();
});

it('takes the same file a second time as nothing new', async () => {
  await fleet.addPerson('viewer');
  const file = exported(fleet.state.entries);
  expect(await imported(file)).toBe(0);
  expect(await imported(file)).toBe(0);
  expect(said).toContain('0 new entries of 4');
  expect(stored()).toBe(4);
});

it('P1: the log of another fleet is refused and changes nothing (A8-11)', async () => {
  const other = await createTestFleet({ httpPort: 1, linkPort: 1 });
  await other.addPerson('owner');
  expect(await imported(exported(other.state.entries))).toBe(1);
  expect(faults).toMatchObject([{ kind: 'denied' }]);
  expect(stored()).toBe(2);
});

it('P1: an entry whose bytes were changed is refused with all that came with it', async () => {
  await fleet.addPerson('viewer');
  const entries = fleet.state.entries.map((entry, index) =>
    index === 3 ? { ...entry, payload: Buffer.from('{"kind":"add-person"}').toString('base64') } : entry,
  );
  expect(await imported(exported(entries))).toBe(1);
  expect(faults).toMatchObject([{ kind: 'denied' }]);
  expect(stored()).toBe(2);
});

it('a file that is away or is none says how to make one', async () => {
  expect(await imported('/nowhere/trust.jsonl')).toBe(1);
  const damaged = exported(fleet.state.entries);
  appendFileSync(damaged, 'half a li');
  expect(await imported(damaged)).toBe(1);
  expect(faults).toMatchObject([
    { code: 'node.unreadable-file', next: expect.stringContaining('trust export FILE') },
    { code: 'audit.bad-line', field: 'line 3' },
  ]);
});

it('a node that has not joined has no log to add to', async () => {
  config = { ...config, dataDir: join(temporaryFolder(), 'fresh') };
  expect(await imported(exported(fleet.state.entries))).toBe(1);
  expect(faults).toMatchObject([{ code: 'node.not-joined' }]);
});

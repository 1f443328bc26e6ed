import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, unwrap } from '#shared/kernel/index.ts';
import { type Envelope, generateSigningKey, itemHash, openEnvelope, type SigningKey } from '#shared/trust/index.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { createAuditShipper } from './audit-shipper.ts';
import { createNodeAudit, type NodeAudit } from './node-audit.ts';

const fleet = 'f'.repeat(64);
const clock: Clock = { nowMs: () => Date.parse('2026-01-01T00:00:00.000Z') };
let dataDir: string;
let store: NodeStore;
let key: SigningKey;
let audit: NodeAudit;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-audit-'));
  store = openNodeStore(dataDir);
  key = await generateSigningKey();
  audit = createNodeAudit({
    store,
    signer: key.signer,
    fleet,
    clock,
    trustHead: () => fleet,
    coreAuditHead: () => null,
  });
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const open = async (envelope: Envelope) =>
  unwrap(await openEnvelope(envelope, { kind: 'node-audit', fleet, keys: () => key.publicKey })).payload;
const append = (action: string) => audit.append({ action, subject: {}, order: null });

describe('the node’s own chain', () => {
  it('P8: links each signed entry to the one before, also when they come at once', async () => {
    await Promise.all(['accepted', 'command', 'succeeded'].map(append));
    const envelopes = store.audit.after(0, 10).map((one) => one.envelope);
    const entries = await Promise.all(envelopes.map(open));
    expect(entries.map((entry) => [entry.seq, entry.action])).toEqual([
      [1, 'accepted'],
      [2, 'command'],
      [3, 'succeeded'],
    ]);
    expect(entries.map((entry) => entry.prev)).toEqual([null, ...envelopes.slice(0, 2).map(itemHash)]);
  });

  it('P5: an effect on the store and its entry stand or fall together', async () => {
    const failing = audit.append({ action: 'accepted', subject: {}, order: null }, () => {
      store.setSetting('name', 'half done');
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(store.setting('name')).toBeUndefined();
    expect(audit.head()).toBeNull();
    await append('refused');
    expect(audit.head()?.seq).toBe(1);
  });

  it('takes long messages of tools by cutting them', async () => {
    const envelope = await audit.append({
      action: 'failed',
      subject: {},
      order: null,
      detail: { message: 'x'.repeat(9_000) },
    });
    expect((await open(envelope)).detail.message).toHaveLength(2_000);
  });
});

describe('shipping the chain', () => {
  it('sends what the core lacks, one batch at a time, from what it acknowledged on', async () => {
    for (let count = 0; count < 3; count++) await append('command');
    const batches: number[] = [];
    const shipper = createAuditShipper(store.audit, ({ entries }) => batches.push(entries.length) > 0);
    audit.onAppended(shipper.appended);
    shipper.begin(1);
    await append('command');
    expect(batches).toEqual([2]);
    shipper.acknowledged(3);
    expect(batches).toEqual([2, 1]);
    shipper.acknowledged(4);
    expect(batches).toEqual([2, 1]);
  });

  it('sends nothing while there is no link, and begins anew with the next', async () => {
    const batches: number[] = [];
    const shipper = createAuditShipper(store.audit, ({ entries }) => batches.push(entries.length) > 0);
    audit.onAppended(shipper.appended);
    await append('command');
    expect(batches).toEqual([]);
    shipper.begin(0);
    shipper.disconnected();
    await append('command');
    shipper.begin(0);
    expect(batches).toEqual([1, 2]);
  });
});

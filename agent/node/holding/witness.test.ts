import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import { isoTime, randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import {
  decideStatement,
  type Envelope,
  generateSealingKey,
  generateSigningKey,
  itemHash,
  openEnvelope,
  type SigningKey,
  signEnvelope,
  trustKeys,
} from '#shared/trust/index.ts';
import { createNodeAudit } from '../audit/node-audit.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from '../enrol/identity.ts';
import { createTrustHolder, type TrustHolder } from '../link/trust-holder.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { createAnsweredHold, createUnansweredHold } from '../testing/answered-hold.ts';
import { createTestFleet, type TestFleet } from '../testing/test-fleet.ts';
import { createWitness, type Witness } from './witness.ts';

let keyDir: string;
let dataDir: string;
let fleet: TestFleet;
let identity: NodeIdentityKeys;
/** The node that asks. */
let cellar: SigningKey;
let store: NodeStore;
let trust: TrustHolder;
let sent: NodeToCore[];
let witness: Witness;
let holding: Witness;

beforeAll(async () => {
  keyDir = mkdtempSync(join(tmpdir(), 'overseer-keys-'));
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  identity = await loadOrCreateIdentity(keyDir);
  const { nodeId, signKey, ageRecipient, tlsSpki } = identity;
  await fleet.addEntry({ kind: 'add-node', node: { nodeId, name: 'attic', signKey, ageRecipient, tlsSpki } });
  cellar = await generateSigningKey();
  const sealing = await generateSealingKey();
  const other = { nodeId: cellar.signer.keyId, signKey: cellar.publicKey, ageRecipient: sealing.recipient };
  await fleet.addEntry({ kind: 'add-node', node: { ...other, name: 'cellar', tlsSpki: 'a'.repeat(64) } });
});
afterAll(() => rmSync(keyDir, { recursive: true, force: true }));
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-witness-'));
  store = openNodeStore(dataDir);
  store.trust.add(fleet.state.entries);
  trust = unwrap(await createTrustHolder(fleet.fleet, store.trust));
  const { signer, nodeId } = identity;
  const heads = { trustHead: () => trust.state.head, coreAuditHead: () => null };
  const audit = createNodeAudit({ store, signer, fleet: fleet.fleet, clock: systemClock, ...heads });
  const about = { nodeId, trust, audit, store };
  sent = [];
  const send = (message: NodeToCore) => sent.push(message) > 0;
  const context = { fleet: fleet.fleet, identity, store, trust, audit, clock: systemClock, send, log: () => undefined };
  witness = createWitness({ ...context, hold: await createAnsweredHold({ ...about, signer: fleet.device }) });
  holding = createWitness({ ...context, hold: createUnansweredHold(about) });
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const entry = (seq: number, by = cellar, action = 'repaired'): Promise<Envelope> =>
  signEnvelope(
    'node-audit',
    {
      fleet: fleet.fleet,
      seq,
      prev: seq === 1 ? null : 'a'.repeat(64),
      at: isoTime(systemClock),
      action,
      subject: {},
      order: null,
      detail: {},
    },
    by.signer,
  );

describe('a node as witness', () => {
  it('HOLD-3: says the newest head that it saw of the node that asks', async () => {
    const newest = await entry(7);
    await witness.see([newest, await entry(3)]);
    const nonce = randomId(systemRandom);
    const node = cellar.signer.keyId;
    await witness.answer({ node, nonce });
    expect(sent).toMatchObject([{ type: 'statement', node }]);
    const { envelope } = sent[0] as Extract<NodeToCore, { type: 'statement' }>;
    const keys = trustKeys(fleet.state);
    const opened = unwrap(await openEnvelope(envelope, { kind: 'statement', fleet: fleet.fleet, keys }));
    expect(opened.payload).toMatchObject({ nonce, nodeAuditHead: itemHash(newest), nodeAuditSeq: 7 });
    const chain = { head: { seq: 7, hash: itemHash(newest) }, seqOf: () => 7 };
    const decided = decideStatement({ opened, node, nonce, state: fleet.state, chain });
    expect(unwrap(decided)).toEqual({ ends: true, goOn: false });
  });

  it('HOLD-3: says nothing while it holds itself, and nothing about itself', async () => {
    await holding.answer({ node: cellar.signer.keyId, nonce: randomId(systemRandom) });
    await witness.answer({ node: identity.nodeId, nonce: randomId(systemRandom) });
    expect(sent).toEqual([]);
  });

  it('HOLD-3: remembers only what a node of the fleet signed, also over a restart', async () => {
    await witness.see([await entry(7, await generateSigningKey()), await entry(2)]);
    expect(store.seenHeads.newest(cellar.signer.keyId)?.seq).toBe(2);
    store.close();
    store = openNodeStore(dataDir);
    expect(store.seenHeads.newest(cellar.signer.keyId)?.seq).toBe(2);
  });

  it('P8: writes down, once, that another node has signed two histories (A8-17)', async () => {
    const first = await entry(2);
    const second = await entry(2, cellar, 'accepted');
    await witness.see([first, second, second]);
    const own = store.audit
      .after(1, 10)
      .map(({ envelope }) => JSON.parse(Buffer.from(envelope.payload, 'base64').toString()));
    expect(own).toMatchObject([
      {
        action: 'split-view',
        subject: { node: cellar.signer.keyId, seq: '2' },
        detail: { saw: itemHash(first), shown: itemHash(second) },
      },
    ]);
    expect(store.seenHeads.at(cellar.signer.keyId, 2)).toBe(itemHash(first));
  });

  it('keeps a bounded number of heads', async () => {
    for (let seq = 1; seq <= 300; seq++) store.seenHeads.add('chain', seq, `hash ${seq}`);
    expect(store.seenHeads.at('chain', 44)).toBeUndefined();
    expect(store.seenHeads.at('chain', 45)).toBe('hash 45');
    expect(store.seenHeads.newest('chain')).toEqual({ seq: 300, hash: 'hash 300' });
  });
});

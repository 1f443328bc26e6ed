import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomId, systemClock, systemRandom } from '#shared/kernel/index.ts';
import { type Envelope, generateSigningKey, type Signer } from '#shared/trust/index.ts';
import { createNodeAudit, type NodeAudit } from '../audit/node-audit.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from '../enrol/identity.ts';
import { ownerBase } from '../reconcile/owner-base.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { takeBackChain } from './own-chain.ts';

const fleet = 'f'.repeat(64);
const appId = randomId(systemRandom);
const header = 'a'.repeat(64);
let root: string;
let identity: NodeIdentityKeys;
let store: NodeStore;
let audit: NodeAudit;
/** What the node had written when its disk was put back: the core still holds it. */
let whole: Envelope[];

function open(folder: string, signer: Signer = identity.signer): void {
  store = openNodeStore(join(root, folder));
  const heads = { trustHead: () => fleet, coreAuditHead: () => null };
  audit = createNodeAudit({ store, signer, fleet, clock: systemClock, ...heads });
}
const write = (action: string, subject = {}, order: string | null = null) => audit.append({ action, subject, order });
const takeBack = (entries: readonly Envelope[]) =>
  takeBackChain({ fleet, identity, store, audit, log: () => undefined }, entries);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'overseer-chain-'));
  identity = await loadOrCreateIdentity(join(root, 'keys'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  open('disk');
  for (const action of ['vouched', 'repaired']) await write(action);
  store.close();
  cpSync(join(root, 'disk'), join(root, 'image'), { recursive: true });
  open('disk');
  await write('accepted', { appId, number: '4' }, 'b'.repeat(64));
  await write('accepted', { appId, number: '5' }, header);
  await write('succeeded', { appId, number: '5' }, header);
  whole = store.audit.after(0, 100).map(({ envelope }) => envelope);
  store.close();
  open('image');
});
afterEach(() => {
  store.close();
  for (const folder of ['disk', 'image']) rmSync(join(root, folder), { recursive: true, force: true });
});

describe('a node that was put back to an older copy', () => {
  it('HOLD-9: takes back what it wrote, and with it the floors of what it had accepted (A8-44)', async () => {
    expect(await takeBack(whole.slice(2))).toBe(3);
    expect(store.audit.after(0, 100).map(({ envelope }) => envelope)).toEqual(whole);
    expect(store.releases.floor(appId)).toMatchObject({ accepted: { number: 5, header }, running: null });
    // REL-14: what it only remembers grants an operator nothing.
    expect(ownerBase({ store }, appId)).toEqual({ kind: 'unreadable', exceptions: [] });
    await write('vouched');
    expect(audit.head()?.seq).toBe(6);
  });

  it('HOLD-9: takes nothing that does not follow its own head, or that another key signed', async () => {
    expect(await takeBack(whole.slice(3))).toBe(0);
    expect(await takeBack(whole.slice(0, 1))).toBe(0);
    store.close();
    rmSync(join(root, 'disk'), { recursive: true });
    cpSync(join(root, 'image'), join(root, 'disk'), { recursive: true });
    open('disk', (await generateSigningKey()).signer);
    const forged = await write('accepted', { appId, number: '99' }, header);
    store.close();
    open('image');
    expect(await takeBack([forged])).toBe(0);
    expect(store.releases.floor(appId).accepted).toBeNull();
  });

  it('HOLD-9: takes none of a history that it has written differently since', async () => {
    await write('repaired');
    expect(await takeBack(whole.slice(2))).toBe(0);
    expect(audit.head()?.seq).toBe(3);
  });

  it('HOLD-9: takes them once, however often they come, and stops at the first that is damaged', async () => {
    const third = whole[3] as Envelope;
    const damaged = { ...third, payload: third.payload.replace(/^.{8}/, 'AAAAAAAA') };
    expect(await takeBack([whole[2] as Envelope, damaged, whole[4] as Envelope])).toBe(1);
    expect(await takeBack(whole.slice(2))).toBe(0);
    expect(await takeBack(whole.slice(3))).toBe(2);
  });
});

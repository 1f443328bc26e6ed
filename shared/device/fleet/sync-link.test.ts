import { expect, onTestFinished, test } from 'vitest';
import { isoTime, randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createReplica, type Replica } from '#shared/replica/index.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import type { ScriptedSocket } from '#shared/testing/scripted-core.ts';
import { createScriptedDevice, type ScriptedDevice } from '#shared/testing/scripted-device.ts';
import {
  type Envelope,
  generateSealingKey,
  generateSigningKey,
  itemHash,
  signTrustEntry,
} from '#shared/trust/index.ts';
import { type LinkChange, openSyncLink, type SyncLink } from './sync-link.ts';

const APP = `app:${'a'.repeat(26)}`;

interface Linked {
  readonly device: ScriptedDevice;
  readonly replica: Replica;
  readonly link: SyncLink;
  readonly changes: LinkChange[];
  /** Resolves at the next change of a type. */
  next(type: LinkChange['type']): Promise<LinkChange>;
}

async function openLink(device: ScriptedDevice): Promise<Linked> {
  const replica = unwrap(await device.fleet.replica());
  const link = openSyncLink(device.context, device.fleet, replica);
  onTestFinished(() => link.close());
  const changes: LinkChange[] = [];
  link.onChange((change) => changes.push(change));
  const next = (type: LinkChange['type']) =>
    new Promise<LinkChange>((resolve) => {
      const end = link.onChange((change) => {
        if (change.type !== type) return;
        end();
        resolve(change);
      });
    });
  return { device, replica, link, changes, next };
}

/** Lets the core answer a fresh connection: it holds nothing and takes what is pushed. */
async function level({ device, next }: Linked): Promise<ScriptedSocket> {
  const reached = next('core');
  const socket = await device.core.nextSocket();
  expect(await socket.next()).toMatchObject({ type: 'hello', trustHead: device.fleet.trust().head });
  socket.tell({ type: 'synced', heads: {} });
  await reached;
  return socket;
}

/** Takes one push as the core does. */
async function acknowledge(socket: ScriptedSocket): Promise<number> {
  const push = (await socket.next()) as { id: string; rows: Envelope[] };
  socket.tell({ type: 'ack', id: push.id, accepted: push.rows.map(itemHash), refused: [] });
  return push.rows.length;
}

/** A row of the same device under another writer, as another copy of the fleet would hold it. */
async function rowElsewhere({ context, fleet }: ScriptedDevice): Promise<Envelope[]> {
  const about = { signer: fleet.device.signer, trust: fleet.trust, auditHead: () => null, ...context };
  const other = unwrap(
    await createReplica({ ...about, writer: randomId(systemRandom), store: createMemoryReplicaStore() }),
  );
  unwrap(await other.edit(APP, (editor) => editor.set('name', 'elsewhere')));
  return other.missing({});
}

test('P2: once both sides are level the core counts as reached, since then', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  expect(linked.link.state()).toEqual({ reached: false, sinceMs: device.context.clock.nowMs(), fault: null });
  device.all.clock.advance(500);
  await level(linked);
  expect(linked.link.state()).toEqual({ reached: true, sinceMs: device.context.clock.nowMs() });
});

test('P2: an edit goes out when it is made, what was made without the core when it is back', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  const { replica, link } = linked;
  unwrap(await replica.edit(APP, (editor) => editor.set('name', 'before')));
  link.push();
  const socket = await device.core.nextSocket();
  expect((await socket.next()).type).toBe('hello');
  const reached = linked.next('core');
  socket.tell({ type: 'synced', heads: {} });
  expect(await acknowledge(socket)).toBe(1);
  await reached;
  unwrap(await replica.edit(APP, (editor) => editor.set('name', 'after')));
  link.push();
  expect(await acknowledge(socket)).toBe(1);
  socket.tell({ type: 'rows', rows: await rowElsewhere(device) });
  await linked.next('docs');
  expect(replica.unacked()).toEqual([]);
});

test('P2: rows of others arrive while the link is open, with the documents they are in', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  const socket = await level(linked);
  const arrival = linked.next('docs');
  socket.tell({ type: 'rows', rows: await rowElsewhere(device) });
  expect(await arrival).toEqual({ type: 'docs', docs: [APP] });
  expect(linked.replica.snapshot(APP)?.fields.name).toBe('elsewhere');
});

test('P1: a row that does not verify is refused and told, and nothing of it is merged', async () => {
  const device = await createScriptedDevice();
  const stranger = await createScriptedDevice();
  const linked = await openLink(device);
  const socket = await level(linked);
  const refusal = linked.next('refused');
  socket.tell({ type: 'rows', rows: await rowElsewhere(stranger) });
  expect(await refusal).toMatchObject({ refused: [{ fault: { next: expect.stringMatching(/\w/) } }] });
  expect(linked.replica.documents()).not.toContain(APP);
});

test('P2: an edit that the core refuses is told once, lies aside, and is not pushed at the next connection', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  const { replica, link } = linked;
  const socket = await level(linked);
  unwrap(await replica.edit(APP, (editor) => editor.set('name', 'web')));
  link.push();
  const push = (await socket.next()) as { id: string; rows: Envelope[] };
  const aside = linked.next('aside');
  const why = {
    code: 'row.document-full',
    kind: 'permanent',
    message: 'too large',
    next: 'Remove something.',
  } as const;
  const refused = push.rows.map((row) => ({ row: itemHash(row), fault: why }));
  socket.tell({ type: 'ack', id: push.id, accepted: [], refused });
  expect(await aside).toMatchObject({ edits: [{ doc: APP, fault: { code: 'row.document-full' } }] });
  expect(replica.documents()).not.toContain(APP);

  const away = linked.next('core');
  socket.cut();
  await away;
  const back = linked.next('core');
  link.retry();
  const next = await device.core.nextSocket();
  expect((await next.next()).type).toBe('hello');
  next.tell({ type: 'synced', heads: {} });
  await back;
  expect(linked.changes.filter(({ type }) => type === 'aside' || type === 'refused')).toHaveLength(1);
});

test('P5: a core that was restored from an older copy gets back what it lost', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  const { replica, link } = linked;
  const socket = await level(linked);
  unwrap(await replica.edit(APP, (editor) => editor.set('name', 'web')));
  link.push();
  await acknowledge(socket);
  socket.tell({ type: 'rows', rows: await rowElsewhere(device) });
  await linked.next('docs');
  expect(replica.unacked()).toEqual([]);
  const away = linked.next('core');
  socket.cut();
  await away;
  link.retry();
  const back = linked.next('core');
  const next = await device.core.nextSocket();
  expect((await next.next()).type).toBe('hello');
  next.tell({ type: 'synced', heads: {} });
  expect(await acknowledge(next)).toBe(2);
  await back;
});

test('LOG-1: entries of the trust log arrive live and are verified', async () => {
  const device = await createScriptedDevice();
  const { fleet, context } = device;
  const linked = await openLink(device);
  const socket = await level(linked);
  const signing = await generateSigningKey();
  const entry = await signTrustEntry(
    fleet.trust(),
    {
      kind: 'add-device',
      personId: [...fleet.trust().persons.keys()][0] ?? '',
      device: {
        deviceId: signing.signer.keyId,
        name: 'laptop',
        kind: 'desktop',
        signKey: signing.publicKey,
        ageRecipient: (await generateSealingKey()).recipient,
      },
    },
    fleet.device.signer,
    { at: isoTime(context.clock), auditHead: null },
  );
  const grown = linked.next('trust');
  socket.tell({ type: 'trust', entries: [entry] });
  await grown;
  expect(fleet.trust().devices.get(signing.signer.keyId)?.name).toBe('laptop');
  expect(await fleet.store.trustEntries()).toHaveLength(2);
  socket.tell({ type: 'trust', entries: [entry] });
  socket.tell({ type: 'rows', rows: await rowElsewhere(device) });
  await linked.next('docs');
  expect(linked.changes.filter(({ type }) => type === 'trust')).toHaveLength(1);
});

test('a core that is away is tried again after growing rests, and the time says since when', async () => {
  const device = await createScriptedDevice();
  const { timers } = device.context;
  const sinceMs = device.context.clock.nowMs();
  device.core.away = true;
  const linked = await openLink(device);
  const rests: number[] = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    await timers.whenSet();
    rests.push(timers.waiting()[0] ?? 0);
    device.all.clock.advance(timers.waiting()[0] ?? 0);
    if (attempt < 6) timers.fire();
  }
  expect(rests).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(linked.link.state()).toMatchObject({ reached: false, sinceMs, fault: { code: 'core.unreachable' } });
  expect(linked.changes.filter(({ type }) => type === 'core')).toHaveLength(1);
  device.core.away = false;
  linked.link.retry();
  await level(linked);
  expect(linked.link.state().reached).toBe(true);
});

test('a connection that ends by its time is renewed at once and nobody is alarmed', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  const socket = await level(linked);
  device.all.clock.advance(14 * 60_000);
  socket.cut();
  const again = await device.core.nextSocket();
  expect((await again.next()).type).toBe('hello');
  again.tell({ type: 'synced', heads: {} });
  const arrival = linked.next('docs');
  again.tell({ type: 'rows', rows: await rowElsewhere(device) });
  await arrival;
  expect(linked.changes.map(({ type }) => type)).toEqual(['core', 'docs']);
});

test('a core that never gets level counts as away', async () => {
  const device = await createScriptedDevice();
  const { timers } = device.context;
  const linked = await openLink(device);
  const away = linked.next('core');
  await device.core.nextSocket();
  await timers.whenSet(30_000);
  timers.fire(30_000);
  expect(await away).toMatchObject({
    state: { reached: false, fault: { code: 'core.unreachable', kind: 'transient' } },
  });
});

test('a closed link opens nothing again', async () => {
  const device = await createScriptedDevice();
  const linked = await openLink(device);
  const socket = await level(linked);
  await linked.link.close();
  expect(socket.open).toBe(false);
  expect(device.context.timers.waiting()).toEqual([]);
});

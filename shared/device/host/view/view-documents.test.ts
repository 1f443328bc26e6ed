import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { VIEW_CLOSED, VIEW_FIELDS, VIEW_TEXTS } from '#shared/contracts/ipc/index.ts';
import { type Fault, randomId, unwrap } from '#shared/kernel/index.ts';
import { createReplica, type JsonValue, type Replica } from '#shared/replica/index.ts';
import { createManualTimers, createSeededRandom } from '#shared/testing/deterministic.ts';
import { createFleetOfDevices, type FleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import { projectView } from './project-view.ts';
import { readAwareness, writeAwareness } from './view-awareness.ts';
import { TYPING_PAUSE_MS } from './view-document.ts';
import { createViewDocuments, type ViewDocuments } from './view-documents.ts';
import { readViewMessage, writeAwarenessFrame, writeStep1, writeStep2, writeUpdate } from './view-messages.ts';

const APP = `app:${'a'.repeat(26)}`;
const ITEM = `env/${'b'.repeat(26)}`;

/** A screen that speaks y-websocket's protocol by hand, one frame at a time. */
function openScreen(views: ViewDocuments, name = APP, doc = new Y.Doc()) {
  const inbox: Uint8Array[] = [];
  const closed: number[] = [];
  const awareness: Uint8Array[] = [];
  const connection = views.open(name, {
    onData: (bytes) => void inbox.push(bytes),
    onClose: (code) => void closed.push(code),
  });
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'net') connection.send(writeUpdate(update));
  });
  connection.send(writeStep1(Y.encodeStateVector(doc)));
  const screen = {
    doc,
    closed,
    awareness,
    connection,
    fields: doc.getMap<JsonValue>(VIEW_FIELDS),
    texts: doc.getMap<Y.Text>(VIEW_TEXTS),
    take(most = Number.POSITIVE_INFINITY) {
      for (let taken = 0; taken < most; taken++) {
        const bytes = inbox.shift();
        if (!bytes) return;
        const message = readViewMessage(bytes);
        if (message?.type === 'step1') connection.send(writeStep2(Y.encodeStateAsUpdate(doc, message.stateVector)));
        if (message?.type === 'update') Y.applyUpdate(doc, message.update, 'net');
        if (message?.type === 'awareness') awareness.push(message.update);
      }
    },
    text: () => screen.texts.get('compose')?.toString(),
  };
  return screen;
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

async function openReplica(fleet: FleetOfDevices, device: number): Promise<Replica> {
  const signer = fleet.devices[device]?.signer;
  if (!signer) throw new Error('no such device');
  const random = createSeededRandom(device + 1);
  const store = createMemoryReplicaStore();
  const writer = randomId(createSeededRandom(device + 100));
  const options = { writer, signer, store, trust: () => fleet.trust, auditHead: () => null };
  return unwrap(await createReplica({ ...options, clock: fleet.clock, random }));
}

async function createWorld() {
  const fleet = await createFleetOfDevices(2);
  const timers = createManualTimers();
  const [replica, other] = [await openReplica(fleet, 0), await openReplica(fleet, 1)];
  unwrap(
    await replica.edit(APP, (editor) => {
      editor.set('name', 'web');
      editor.setText('compose', 'services:\n  web:\n');
    }),
  );
  const refused: Fault[] = [];
  const views = createViewDocuments({
    replica,
    clock: fleet.clock,
    timers,
    random: createSeededRandom(7),
    onRefused: (fault) => refused.push(fault),
  });
  replica.watch((docs) => views.changed(docs));
  const exchange = async () => {
    await other.receive(replica.missing(other.heads()));
    await replica.receive(other.missing(replica.heads()));
  };
  await exchange();
  return { fleet, timers, replica, other, views, refused, exchange };
}

/** What every screen and the replica must agree on. */
function stateOf(replica: Replica) {
  const { fields, texts, removed } = projectView(replica.fields(APP) ?? new Map());
  return { fields: Object.fromEntries([...fields].sort()), texts: Object.fromEntries(texts), removed };
}

function seenBy(screen: ReturnType<typeof openScreen>, removed: ReadonlySet<string>) {
  const isGone = (path: string) => !path.endsWith('/removedAt') && [...removed].some((item) => path.startsWith(item));
  const fields = [...screen.fields.entries()].filter(([path, value]) => value !== null && !isGone(path)).sort();
  return {
    fields: Object.fromEntries(fields),
    texts: Object.fromEntries([...screen.texts.entries()].map(([path, text]) => [path, text.toString()])),
    removed,
  };
}

describe('view documents', () => {
  it('a field is a row at once, typing after a pause, one row for all of it', async () => {
    const { views, replica, timers } = await createWorld();
    const screen = openScreen(views);
    await tick();
    screen.take();
    const before = replica.unacked().length;
    screen.fields.set('state', 'stopped');
    await tick();
    await views.flush();
    expect(replica.snapshot(APP)?.fields.state).toBe('stopped');
    for (const letter of 'abc') screen.texts.get('compose')?.insert(0, letter);
    await tick();
    expect(replica.snapshot(APP)?.fields.compose).toBe('services:\n  web:\n');
    timers.fire(TYPING_PAUSE_MS);
    await views.flush();
    expect(replica.snapshot(APP)?.fields.compose).toBe('cbaservices:\n  web:\n');
    expect(replica.unacked().length).toBe(before + 2);
  });

  it('P2: what was typed here and what came from another device are merged, and both screens show it', async () => {
    const { views, other, exchange, replica } = await createWorld();
    const [one, two] = [openScreen(views), openScreen(views)];
    await tick();
    for (const screen of [one, two]) screen.take();
    one.texts.get('compose')?.insert(0, '# mine\n');
    unwrap(await other.edit(APP, (editor) => editor.setText('compose', 'services:\n  web:\n# theirs\n')));
    await exchange();
    await views.flush();
    for (const screen of [one, two]) screen.take();
    const merged = '# mine\nservices:\n  web:\n# theirs\n';
    expect([one.text(), two.text(), replica.snapshot(APP)?.fields.compose]).toEqual([merged, merged, merged]);
  });

  it('P2: a field that another device set while this screen had not seen it stays as a clash', async () => {
    const { views, other, replica } = await createWorld();
    const screen = openScreen(views);
    await tick();
    screen.take();
    unwrap(await other.edit(APP, (editor) => editor.set('name', 'theirs')));
    screen.fields.set('name', 'mine');
    await replica.receive(other.missing(replica.heads()));
    await views.flush();
    const values = replica.snapshot(APP)?.clashes[0]?.entries.map(({ value }) => value);
    expect(values?.toSorted()).toEqual(['mine', 'theirs']);
  });

  it('an item can be removed and brought back, and so can an undone add', async () => {
    const { views, replica } = await createWorld();
    const screen = openScreen(views);
    await tick();
    screen.take();
    const undo = new Y.UndoManager([screen.fields], { trackedOrigins: new Set(['person']), captureTimeout: 0 });
    const items = () => replica.snapshot(APP)?.collections.env?.map(({ fields }) => fields.value);
    const settle = async () => {
      await tick();
      await views.flush();
      screen.take();
    };
    screen.doc.transact(() => {
      screen.fields.set(`${ITEM}/key`, 'A');
      screen.fields.set(`${ITEM}/value`, '1');
    }, 'person');
    await settle();
    expect(items()).toEqual(['1']);
    screen.doc.transact(() => screen.fields.set(`${ITEM}/removedAt`, '2026-01-01T00:00:00.000Z'), 'person');
    await settle();
    expect(items()).toEqual([]);
    undo.undo();
    await settle();
    expect(items()).toEqual(['1']);
    undo.undo();
    await settle();
    expect(items()).toEqual([]);
    undo.redo();
    await settle();
    expect(items()).toEqual(['1']);
  });

  it('an edit that can not be a row is taken back on every screen and told', async () => {
    const { views, refused } = await createWorld();
    const [one, two] = [openScreen(views), openScreen(views)];
    await tick();
    for (const screen of [one, two]) screen.take();
    one.fields.set('name', 'x'.repeat(70_000));
    one.fields.set('no such path', 1);
    await tick();
    await views.flush();
    for (const screen of [one, two]) screen.take();
    expect(refused.map(({ code }) => code)).toEqual(['replica.bad-edit']);
    for (const screen of [one, two]) expect(screen.fields.toJSON()).toEqual({ name: 'web' });
  });

  it('a screen with the state of an earlier view is told to begin anew, garbage and unknown documents are refused', async () => {
    const { views } = await createWorld();
    const stale = new Y.Doc();
    stale.getMap(VIEW_FIELDS).set('name', 'old');
    expect(openScreen(views, APP, stale).closed).toEqual([VIEW_CLOSED.stale]);
    const screen = openScreen(views);
    screen.connection.send(Uint8Array.of(9, 9));
    expect(screen.closed).toEqual([VIEW_CLOSED.malformed]);
    const unknown = openScreen(views, `app:${'z'.repeat(26)}`);
    await tick();
    expect(unknown.closed).toEqual([VIEW_CLOSED.unknown]);
  });

  it('awareness comes back to its sender and goes to the others; a screen that leaves is told', async () => {
    const { views } = await createWorld();
    const [one, two] = [openScreen(views), openScreen(views)];
    await tick();
    one.connection.send(writeAwarenessFrame(writeAwareness([{ clientId: 5, clock: 1, json: '{"user":"a"}' }])));
    one.connection.send(writeAwarenessFrame(writeAwareness([{ clientId: 6, clock: 1, json: '{}' }])));
    one.connection.close();
    two.take();
    one.take();
    expect(one.awareness).toHaveLength(1);
    expect(two.awareness.map((update) => readAwareness(update)?.json)).toEqual(['{"user":"a"}', 'null']);
  });

  it('P2: any interleaving of two screens and arriving rows ends with one state everywhere', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        screen: fc.nat(1),
        path: fc.constantFrom('state', 'source', `${ITEM}/key`, `${ITEM}/value`),
        value: fc.string({ maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('type' as const),
        screen: fc.nat(1),
        at: fc.nat(30),
        text: fc.string({ minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('cut' as const), screen: fc.nat(1), at: fc.nat(30) }),
      fc.record({ kind: fc.constant('remove' as const), screen: fc.nat(1), back: fc.boolean() }),
      fc.record({ kind: fc.constant('row' as const), value: fc.string({ maxLength: 3 }), remove: fc.boolean() }),
      fc.record({ kind: fc.constant('take' as const), screen: fc.nat(1), most: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('wait' as const) }),
      fc.record({ kind: fc.constant('exchange' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const world = await createWorld();
        const screens = [openScreen(world.views), openScreen(world.views)] as const;
        await tick();
        for (const screen of screens) screen.take();
        for (const one of steps) {
          const screen = 'screen' in one ? screens[one.screen as 0 | 1] : screens[0];
          if (one.kind === 'set') screen.fields.set(one.path, one.value);
          if (one.kind === 'type') {
            const text = screen.texts.get('compose');
            text?.insert(Math.min(one.at, text.length), one.text);
          }
          if (one.kind === 'cut') {
            const text = screen.texts.get('compose');
            if (text && one.at < text.length) text.delete(one.at, 1);
          }
          if (one.kind === 'remove') {
            if (one.back) screen.fields.delete(`${ITEM}/removedAt`);
            else screen.fields.set(`${ITEM}/removedAt`, '2026-01-01T00:00:00.000Z');
          }
          if (one.kind === 'row')
            await world.other.edit(APP, (editor) => {
              editor.set('state', one.value);
              editor.setText('compose', `${one.value}${String(world.other.snapshot(APP)?.fields.compose)}`);
              if (one.remove) editor.set(`${ITEM}/removedAt`, '2026-02-02T00:00:00.000Z');
            });
          if (one.kind === 'take') screen.take(one.most);
          if (one.kind === 'wait' && world.timers.waiting().length > 0) world.timers.fire();
          if (one.kind === 'exchange') await world.exchange();
        }
        for (let round = 0; round < 3; round++) {
          for (const screen of screens) screen.take();
          await tick();
          await world.views.flush();
          await world.exchange();
        }
        for (const screen of screens) screen.take();
        expect(world.refused).toEqual([]);
        expect(stateOf(world.replica)).toEqual(stateOf(world.other));
        for (const screen of screens)
          expect(seenBy(screen, stateOf(world.replica).removed)).toEqual(stateOf(world.replica));
      }),
      { numRuns: 60 },
    );
  });
});

import { expect, test, vi } from 'vitest';
import { type Bridge, VIEW_CLOSED } from '#shared/contracts/ipc/index.ts';
import { createViewDocuments } from '#shared/device/host/view/view-documents.ts';
import { randomId, unwrap } from '#shared/kernel/index.ts';
import { createReplica } from '#shared/replica/index.ts';
import { createBridgeDouble } from '#shared/testing/bridge-double.ts';
import { createManualTimers, createSeededRandom } from '#shared/testing/deterministic.ts';
import { createFleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import { createDocumentCache } from './document-cache.ts';
import type { DocumentSession } from './document-session.ts';
import type { LostEdit } from './lost-edits.ts';

const APP = `app:${'a'.repeat(26)}`;

/** The host's own views over a replica, behind a bridge; `restart` is a host that died with what it had not yet written. */
async function createWorld() {
  const fleet = await createFleetOfDevices(1);
  const [device] = fleet.devices;
  if (!device) throw new Error('the fleet has a device');
  const random = createSeededRandom(1);
  const options = { writer: randomId(random), signer: device.signer, store: createMemoryReplicaStore() };
  const replica = unwrap(
    await createReplica({ ...options, trust: () => fleet.trust, auditHead: () => null, clock: fleet.clock, random }),
  );
  unwrap(await replica.edit(APP, (editor) => editor.setText('compose', 'services: {}')));
  let born = 1;
  const begin = () => {
    const seeded = createSeededRandom(++born);
    // Its clock stands: typing is gathered and never written, as in a host that is killed in the pause.
    const timers = createManualTimers();
    return createViewDocuments({ replica, clock: fleet.clock, timers, random: seeded, onRefused: () => undefined });
  };
  let views = begin();
  const closers = new Set<(code: number, reason: string) => void>();
  const bridge: Bridge = {
    ...createBridgeDouble(),
    openDocument(name, listener) {
      queueMicrotask(() => listener.onOpen());
      const close = (code: number, reason: string) => {
        closers.delete(close);
        listener.onClose(code, reason);
      };
      closers.add(close);
      const connection = views.open(name, { onData: listener.onData, onClose: close });
      // A host that is gone hears nothing more: no last word, no goodbye.
      const whileAlive = (say: () => void) => (closers.has(close) ? say() : undefined);
      return {
        send: (bytes) => whileAlive(() => connection.send(bytes)),
        close: () => whileAlive(() => connection.close()),
      };
    },
  };
  const lost: Omit<LostEdit, 'id'>[] = [];
  const cache = createDocumentCache(bridge, (more) => lost.push(...more));
  const sessions: DocumentSession[] = [];
  const end = cache.hold(APP, (session) => void sessions.push(session));
  await vi.waitFor(() => expect(sessions.at(-1)?.store.getState().ready).toBe(true));
  return {
    sessions,
    lost,
    replica,
    end: () => {
      end();
      sessions.at(-1)?.close();
    },
    /** The connection breaks, the window writes on, and finds another host when it comes back. */
    async restart(write: (session: DocumentSession) => void = () => undefined) {
      const before = sessions.at(-1);
      if (!before) throw new Error('a session is open');
      views = begin();
      for (const close of [...closers]) close(1006, 'the host is gone');
      write(before);
      await vi.waitFor(() => {
        expect(sessions.at(-1)).not.toBe(before);
        expect(sessions.at(-1)?.store.getState().ready).toBe(true);
      });
    },
  };
}

test('P2: after a host that began anew the document is open again, with what is durable, and no fault', async () => {
  const world = await createWorld();
  world.sessions[0]?.setFields(new Map([['name', 'web']]));
  await vi.waitFor(() => expect(world.replica.snapshot(APP)?.fields.name).toBe('web'));
  await world.restart();
  expect(world.sessions).toHaveLength(2);
  const view = world.sessions[1]?.store.getState();
  expect(view).toMatchObject({ fault: null, ready: true });
  expect(view?.fields.get('name')).toBe('web');
  expect(world.sessions[1]?.text('compose')?.toString()).toBe('services: {}');
  expect(world.lost).toEqual([]);
  world.end();
});

test('P2: what the host had not kept is told as it was written, and what was kept is not', async () => {
  const world = await createWorld();
  world.sessions[0]?.setFields(new Map([['name', 'web']]));
  await vi.waitFor(() => expect(world.replica.snapshot(APP)?.fields.name).toBe('web'));
  world.sessions[0]?.text('compose')?.insert(0, '# typed\n');
  await world.restart((session) => session.setFields(new Map([['state', 'stopped']])));
  expect(world.lost).toEqual([
    { document: APP, path: 'compose', text: '# typed\nservices: {}' },
    { document: APP, path: 'state', text: 'stopped' },
  ]);
  world.sessions[1]?.setFields(new Map([['state', 'stopped']]));
  await vi.waitFor(() => expect(world.replica.snapshot(APP)?.fields.state).toBe('stopped'));
  world.end();
});

test('another close for good is a fault still', async () => {
  const bridge: Bridge = {
    ...createBridgeDouble(),
    openDocument(_, listener) {
      queueMicrotask(() => listener.onClose(VIEW_CLOSED.unknown, 'there is no such document'));
      return { send: () => undefined, close: () => undefined };
    },
  };
  const sessions: DocumentSession[] = [];
  const end = createDocumentCache(bridge, () => undefined).hold(APP, (session) => void sessions.push(session));
  await vi.waitFor(() => expect(sessions[0]?.store.getState().fault?.code).toBe('bridge.document-closed'));
  expect(sessions).toHaveLength(1);
  end();
  sessions[0]?.close();
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type WebSocket from 'ws';
import { SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createReplica, type Replica, signRow } from '#shared/replica/index.ts';
import { clientIdOf } from '#shared/replica/row.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import { gapped, poisonedUpdates } from '#shared/testing/poisoned-updates.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from '../testing/core-world.ts';
import { nextMessage, readSocket, type SocketReader } from '../testing/socket-reader.ts';
import type { TestDevice } from '../testing/test-device.ts';

let world: CoreWorld;
let honest: TestDevice;
let replica: Replica;
/** Of the thief of a laptop that is in the fleet: each test has one of its own. */
let evil: TestDevice;

beforeAll(async () => {
  world = await createCoreWorld();
  honest = await world.claim();
  evil = await addDevice();
  replica = unwrap(
    await createReplica({
      writer: randomId(systemRandom),
      signer: honest.key.signer,
      store: createMemoryReplicaStore(),
      trust: honest.trust,
      auditHead: () => null,
      clock: systemClock,
      random: systemRandom,
    }),
  );
});
afterAll(() => world.dispose());

async function addDevice(): Promise<TestDevice> {
  const device = await world.newDevice();
  const personId = [...honest.trust().persons.keys()][0] ?? '';
  const entry = await honest.addTrust({ kind: 'add-device', personId, device: device.identity('stolen', 'desktop') });
  expect(await honest.call('extendTrust', { body: { entries: [entry] } })).toMatchObject({ status: 200 });
  await device.takeTrust(honest.trust().entries);
  expect(await device.openSession()).toMatchObject({ status: 201 });
  return device;
}

async function open(device: TestDevice): Promise<SocketReader> {
  return readSocket(await device.webSocket('/api/v1/sync', SYNC_PROTOCOL));
}

const closed = ({ socket }: SocketReader): Promise<number> =>
  new Promise((resolve) => socket.once('close', (code) => resolve(code)));

function push(socket: SocketReader, rows: readonly Envelope[]): void {
  socket.send({ type: 'push', id: randomId(systemRandom), rows });
}

function rowBy(device: TestDevice, writer: string, update: Uint8Array, seq = 1): Promise<Envelope> {
  const { fleet, head } = device.trust();
  const about = { fleet, trustHead: head, auditHead: null, doc: 'fleet', writer, seq };
  return signRow({ ...about, prevHash: seq === 1 ? null : 'f'.repeat(64), update }, device.key.signer);
}

/** An edit of the owner is on the core's disk. */
async function honestEdit(socket: SocketReader, value: string): Promise<void> {
  unwrap(await replica.edit('fleet', (editor) => editor.set('name', value)));
  const rows = replica.unacked();
  push(socket, rows);
  const { accepted } = await nextMessage(socket);
  expect(accepted).toHaveLength(rows.length);
  await replica.acked(accepted);
  expect(world.running.core.rows.snapshot('fleet')?.fields.name).toBe(value);
}

describe('A8-24: a device of the fleet that sends poison over the wire', () => {
  const names = poisonedUpdates(1, 'a'.repeat(26)).map(({ name }) => name);
  const poisonOf = (writer: string, name: string): Uint8Array =>
    poisonedUpdates(clientIdOf(writer, 'fleet'), evil.deviceId).find((one) => one.name === name)?.update as Uint8Array;

  test('A7-1 to A7-8: each is refused with its reason, and the owner’s next edit is taken', async () => {
    const sockets = [await open(evil), await open(honest)] as const;
    for (const name of names.filter((one) => !one.startsWith('A7-9'))) {
      const writer = randomId(systemRandom);
      push(sockets[0], [await rowBy(evil, writer, poisonOf(writer, name))]);
      const answer = await nextMessage(sockets[0]);
      expect([name, answer]).toMatchObject([
        name,
        { type: 'ack', accepted: [], refused: [{ fault: { kind: 'denied' } }] },
      ]);
      await honestEdit(sockets[1], name);
    }
    for (const { socket } of sockets) socket.close();
  });

  test('A7-9: a frame of sixty megabytes, or of one row over its size, ends its connection and no other', async () => {
    const [thief, owner] = [await open(evil), await open(honest)];
    const end = closed(thief);
    thief.socket.on('error', () => undefined);
    thief.socket.send('x'.repeat(60 * 1_024 * 1_024));
    expect([1006, 1009]).toContain(await end);
    const again = await open(evil);
    const writer = randomId(systemRandom);
    push(again, [await rowBy(evil, writer, poisonOf(writer, names.find((one) => one.startsWith('A7-9')) ?? ''))]);
    expect(await closed(again)).toBe(1009);
    await honestEdit(owner, 'still here');
    owner.socket.close();
  });

  test('A7-4: three thousand rows without their beginning: the device is cut off, and not heard for a while', async () => {
    const flooder = await addDevice();
    const writer = randomId(systemRandom);
    const rows = await Promise.all(
      Array.from({ length: 3_000 }, (_, index) =>
        rowBy(flooder, writer, gapped(clientIdOf(writer, 'fleet'), index + 1), index + 2),
      ),
    );
    const [thief, owner] = [await open(flooder), await open(honest)];
    const end = closed(thief);
    for (let from = 0; from < rows.length; from += 50) push(thief, rows.slice(from, from + 50));
    await honestEdit(owner, 'during the flood');
    expect(await end).toBe(4429);
    const heard = thief.queue as { refused: object[] }[];
    expect(heard.reduce((sum, { refused }) => sum + refused.length, 0)).toBeLessThanOrEqual(300);
    expect(await flooder.call('createTicket', { body: {} })).toMatchObject({
      status: 429,
      json: { code: 'row.too-many-refused' },
    });
    const refused = await flooder.call('createApp', { body: { rows: rows.slice(0, 1) } });
    expect(refused).toMatchObject({ status: 429, json: { code: 'row.too-many-refused' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await honestEdit(owner, 'after the flood');
    owner.socket.close();
  });

  test('opens no more than sixteen replicas at once', async () => {
    const flooder = await addDevice();
    const opened: SocketReader[] = [];
    for (let index = 0; index < 16; index++) opened.push(await open(flooder));
    expect(await closed(await open(flooder))).toBe(4429);
    opened[0]?.socket.close();
    await closed(opened[0] as SocketReader);
    const one = await open(flooder);
    push(one, [await rowBy(flooder, randomId(systemRandom), new Uint8Array())]);
    expect(await nextMessage(one)).toMatchObject({ type: 'ack' });
    for (const { socket } of [one, ...opened]) (socket as WebSocket).terminate();
  });
});

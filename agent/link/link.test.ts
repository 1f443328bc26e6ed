import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LINK_PROTOCOL } from '#shared/contracts/link/messages.ts';
import { err, type Fault, fault, ok } from '#shared/kernel/index.ts';
import { createTlsIdentity, type TlsIdentity } from '#shared/node/tls-identity.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { connectLink, type LinkClient, type LinkClientOptions, type NodeSideConnection } from './client.ts';
import { type CoreSideConnection, createLinkServer, type LinkServer, type LinkServerOptions } from './server.ts';

const nodeId = 'a'.repeat(26);
let core: TlsIdentity;
let otherCore: TlsIdentity;
let node: TlsIdentity;
let stranger: TlsIdentity;
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  [core, otherCore, node, stranger] = (await Promise.all(
    ['core', 'other', 'node', 'stranger'].map((commonName) => createTlsIdentity({ commonName })),
  )) as [TlsIdentity, TlsIdentity, TlsIdentity, TlsIdentity];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const noTrust = { entries: () => [], receive: async () => err(fault('link.unknown-core', 'denied', 'no', 'no')) };
const entry: Envelope = { payloadType: 't', payload: 'e30=', signatures: [{ keyid: 'k', sig: 's' }] };

function queue<T>() {
  const items: T[] = [];
  const takers: ((item: T) => void)[] = [];
  return {
    push(item: T) {
      const taker = takers.shift();
      if (taker) taker(item);
      else items.push(item);
    },
    next: (): Promise<T> =>
      new Promise((resolve) => {
        const item = items.shift();
        if (item === undefined) takers.push(resolve);
        else resolve(item);
      }),
  };
}

async function listen(overrides: Partial<LinkServerOptions> = {}) {
  const arrivals = queue<CoreSideConnection>();
  const refusals = queue<Fault>();
  const server: LinkServer = await createLinkServer({
    tlsKey: core.keyPem,
    tlsCert: core.certPem,
    host: '127.0.0.1',
    port: 0,
    version: '0.3.0',
    isKnownPeer: (spki) => (spki === node.spki ? nodeId : undefined),
    onConnection: arrivals.push,
    onRefused: (refusal) => refusals.push(refusal.fault),
    trust: noTrust,
    ...overrides,
  });
  cleanUps.push(() => server.close());
  return { server, arrivals, refusals };
}

function dial(ports: number[], overrides: Partial<LinkClientOptions> = {}) {
  const ups = queue<NodeSideConnection>();
  const faults = queue<Fault>();
  const client: LinkClient = connectLink({
    addresses: () => ports.map((linkPort) => ({ host: '127.0.0.1', linkPort })),
    isExpected: (spki) => spki === core.spki,
    tlsKey: node.keyPem,
    tlsCert: node.certPem,
    version: '0.3.0',
    trust: noTrust,
    onUp: ups.push,
    onFault: faults.push,
    firstDelayMs: 10,
    maxDelayMs: 20,
    ...overrides,
  });
  cleanUps.push(() => client.stop());
  return { client, ups, faults };
}

describe('the link over real sockets', () => {
  it('carries validated messages both ways between known peers', async () => {
    const { server, arrivals } = await listen();
    const { ups } = dial([server.port]);
    const [atCore, atNode] = [await arrivals.next(), await ups.next()];
    expect(atCore.peer).toBe(nodeId);
    expect(atNode.peer).toBe(core.spki);
    const received = queue<unknown>();
    atNode.onMessage(received.push);
    atCore.send({ type: 'audit-ack', seq: 7 });
    expect(await received.next()).toEqual({ type: 'audit-ack', seq: 7 });
    atNode.send({ type: 'need-object', hash: 'a'.repeat(64) });
    const answered = queue<unknown>();
    atCore.onMessage(answered.push);
    expect(await answered.next()).toEqual({ type: 'need-object', hash: 'a'.repeat(64) });
  });

  it('A8-35: a flood of strangers pushes out strangers, and no node', async () => {
    const { server, arrivals, refusals } = await listen({ mostStrangers: 4 });
    const { ups } = dial([server.port]);
    const atCore = await arrivals.next();
    await ups.next();
    const flood = Array.from({ length: 20 }, () => connectTcp(server.port, '127.0.0.1').on('error', () => {}));
    cleanUps.push(() => flood.map((socket) => socket.destroy()));
    for (let i = 0; i < 16; i++) expect((await refusals.next()).code).toBe('link.flooded');
    const second = dial([server.port]);
    await second.ups.next();
    expect(server.connections.get(nodeId)).toBe(await arrivals.next());
    expect(server.connections.get(nodeId)).not.toBe(atCore);
  });

  it('P9: passes over a message type it does not know, and cuts a broken one', async () => {
    const { server, arrivals } = await listen();
    const { ups } = dial([server.port]);
    const [atCore, atNode] = [await arrivals.next(), await ups.next()];
    const received = queue<unknown>();
    atNode.onMessage(received.push);
    atCore.send({ type: 'from-the-future' } as never);
    atCore.send({ type: 'audit-ack', seq: 1 });
    expect(await received.next()).toEqual({ type: 'audit-ack', seq: 1 });
    const closed = new Promise<Fault>((resolve) => atNode.onClose(resolve));
    atCore.send({ type: 'audit-ack', seq: 'one' } as never);
    expect((await closed).code).toBe('link.bad-message');
  });

  it('turns away a client without a certificate before any request', async () => {
    const { server, refusals } = await listen();
    const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
    socket.on('error', () => {});
    const ended = new Promise((resolve) => socket.on('close', resolve));
    expect((await refusals.next()).code).toBe('link.no-certificate');
    await ended;
  });

  it('refuses a node whose key stands nowhere, by name', async () => {
    const { server } = await listen();
    const { faults } = dial([server.port], { tlsKey: stranger.keyPem, tlsCert: stranger.certPem });
    expect(await faults.next()).toMatchObject({ code: 'link.unknown-peer', kind: 'denied' });
  });

  it('P1: sends nothing to a core whose key is not in the log', async () => {
    const { server, arrivals } = await listen({ tlsKey: otherCore.keyPem, tlsCert: otherCore.certPem });
    const { faults } = dial([server.port]);
    expect(await faults.next()).toMatchObject({ code: 'link.unknown-core' });
    expect(server.connections.size).toBe(0);
    void arrivals;
  });

  it('takes a log extension that names the changed core key, then connects', async () => {
    const expected = new Set([core.spki]);
    const { server, arrivals } = await listen({
      tlsKey: otherCore.keyPem,
      tlsCert: otherCore.certPem,
      trust: { ...noTrust, entries: () => [entry] },
    });
    dial([server.port], {
      isExpected: (spki) => expected.has(spki),
      trust: {
        entries: () => [],
        receive: async (entries, spki) => {
          expect(entries).toEqual([entry]);
          expected.add(spki);
          return ok();
        },
      },
    });
    expect((await arrivals.next()).peer).toBe(nodeId);
  });

  it('lets an unknown node present a log extension, then in', async () => {
    const known = new Set<string>();
    const { server, arrivals } = await listen({
      isKnownPeer: (spki) => (known.has(spki) ? nodeId : undefined),
      trust: {
        entries: () => [],
        receive: async (_entries, spki) => {
          known.add(spki);
          return ok();
        },
      },
    });
    dial([server.port], { trust: { entries: () => [entry], receive: async () => ok() } });
    expect((await arrivals.next()).peer).toBe(nodeId);
  });

  it('P9: refuses a peer two minor versions away and names both', async () => {
    const { server } = await listen();
    const { faults } = dial([server.port], { version: '0.1.0' });
    const refused = await faults.next();
    expect(refused.code).toBe('link.version');
    expect(refused.message).toContain('0.1.0');
    expect(refused.message).toContain('0.3.0');
  });

  it('goes on to the next address, and returns after the core went away', async () => {
    const first = await listen();
    const port = first.server.port;
    const { ups, faults } = dial([1, port]);
    expect((await faults.next()).code).toBe('link.unreachable');
    await ups.next();
    await first.server.close();
    const second = await listen({ port });
    await ups.next();
    expect((await second.arrivals.next()).peer).toBe(nodeId);
  });

  it('finds a peer dead that answers no ping', async () => {
    const { server, arrivals } = await listen({ pingEveryMs: 10, deadAfterMs: 50 });
    const { ups } = dial([server.port]);
    const [atCore] = [await arrivals.next(), await ups.next()];
    const closed = new Promise<Fault>((resolve) => atCore.onClose(resolve));
    // What a frozen machine looks like: the socket stays open, nothing is read.
    for (const socket of openSockets(server.port)) socket.pause();
    expect((await closed).message).toContain('silent');
  });

  it('lets the newest connection of a node win', async () => {
    const { server, arrivals } = await listen();
    dial([server.port]);
    const old = await arrivals.next();
    const closed = new Promise<Fault>((resolve) => old.onClose(resolve));
    dial([server.port], { firstDelayMs: 60_000, maxDelayMs: 60_000 });
    const fresh = await arrivals.next();
    expect((await closed).code).toBe('link.replaced');
    expect(server.connections.get(nodeId)).toBe(fresh);
  });

  it(`speaks ${LINK_PROTOCOL} only`, async () => {
    const { server, refusals } = await listen();
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      rejectUnauthorized: false,
      key: node.keyPem,
      cert: node.certPem,
    });
    socket.on('error', () => {});
    socket.write(
      'GET /link HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: other\r\n\r\n',
    );
    expect((await refusals.next()).code).toBe('link.version');
    socket.destroy();
  });
});

/** Client sockets of this process towards a port: test process and "node" are one process here. */
function openSockets(port: number): { pause(): void }[] {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles.filter(
    (handle): handle is { pause(): void; remotePort: number } =>
      (handle as { remotePort?: number }).remotePort === port,
  );
}

import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AUDIT_HEAD_HEADER, type Job } from '#shared/contracts/rest/index.ts';
import { createCoreClient, watchEvents } from '#shared/device/index.ts';
import { ok, systemClock } from '#shared/kernel/index.ts';
import { systemTimers } from '#shared/node/timers.ts';
import { createTlsIdentity, type TlsIdentity } from '#shared/node/tls-identity.ts';
import { createPinnedCore } from './pinned-core.ts';

type Handler = Parameters<typeof createServer>[1] & object;

let identity: TlsIdentity;
let stranger: TlsIdentity;
beforeAll(async () => {
  [identity, stranger] = await Promise.all([
    createTlsIdentity({ commonName: 'core' }),
    createTlsIdentity({ commonName: 'stranger' }),
  ]);
});

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
});

/** A real HTTPS server on a port of its own; `seen` counts the bytes that reached it. */
async function serve(handler: Handler, who = identity): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer({ key: who.keyPem, cert: who.certPem }, (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, seen };
}

function client(ports: number[], extra: Partial<Parameters<typeof createCoreClient>[0]> = {}) {
  const addresses = ports.map((port) => ({ host: '127.0.0.1', port }));
  const { http } = createPinnedCore({ addresses, pin: (spki) => spki === identity.spki });
  const made = createCoreClient({
    http,
    signal: new AbortController().signal,
    ...extra,
  });
  onTestFinished(() => made.close());
  return made;
}

const HEALTH = JSON.stringify({ status: 'ok', version: '0.1.0' });

test('P1: a server with another key gets no byte of ours', async () => {
  const { port, seen } = await serve((_, response) => response.end(HEALTH), stranger);
  expect(await client([port]).call('healthz')).toMatchObject({
    ok: false,
    error: { code: 'core.wrong-key', kind: 'denied' },
  });
  expect(seen).toEqual([]);
});

test('a core that is away is a transient fault, and the next address is tried', async () => {
  const { port } = await serve((_, response) => response.end(HEALTH));
  expect(await client([1]).call('healthz')).toMatchObject({
    ok: false,
    error: { code: 'core.unreachable', kind: 'transient' },
  });
  expect(await client([1, port]).call('healthz')).toEqual(ok({ status: 'ok', version: '0.1.0' }));
});

test('a session that the core forgot is opened anew, once', async () => {
  const { port, seen } = await serve((request, response) => {
    if (request.headers.authorization === 'Overseer two') return response.end(JSON.stringify({ nodes: [] }));
    response.writeHead(401, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({
        type: 'x',
        title: 'x',
        status: 401,
        detail: 'gone',
        code: 'session.expired',
        kind: 'denied',
        next: 'n',
      }),
    );
  });
  const session = async (_: unknown, fresh: boolean) => ok(fresh ? 'two' : 'one');
  expect(await client([port], { session }).call('listNodes')).toEqual(ok({ nodes: [] }));
  expect(seen).toEqual(['GET /api/v1/nodes Overseer one', 'GET /api/v1/nodes Overseer two']);
  const stubborn = await client([port], { session: async () => ok('one') }).call('listNodes');
  expect(stubborn).toMatchObject({ ok: false, error: { code: 'session.expired', message: 'gone' } });
});

test('a refusal keeps its code, field, facts and mend; an answer that says nothing is named as such', async () => {
  const problem = {
    type: 'x',
    title: 'x',
    status: 409,
    detail: 'taken',
    code: 'release.below-floor',
    kind: 'conflict',
    next: 'plan again',
    field: 'headers.0',
    facts: { floor: '7' },
  };
  const { port } = await serve((request, response) => {
    response
      .writeHead(request.url === '/healthz' ? 502 : 409)
      .end(request.url === '/healthz' ? '<html>' : JSON.stringify(problem));
  });
  expect(await client([port]).call('createChallenge', { body: {} })).toEqual({
    ok: false,
    error: {
      code: 'release.below-floor',
      kind: 'conflict',
      message: 'taken',
      next: 'plan again',
      field: 'headers.0',
      detail: { floor: '7' },
    },
  });
  expect(await client([port]).call('healthz')).toMatchObject({
    ok: false,
    error: { code: 'core.bad-answer', kind: 'transient' },
  });
});

test('P8: each head of the audit that an answer carries is told, and only real heads', async () => {
  const heads: string[] = [];
  let next = 'a'.repeat(64);
  const { port } = await serve((_, response) => response.writeHead(200, { [AUDIT_HEAD_HEADER]: next }).end(HEALTH));
  const one = client([port], { onAuditHead: (head) => heads.push(head) });
  await one.call('healthz');
  next = 'no head';
  await one.call('healthz');
  expect(heads).toEqual(['a'.repeat(64)]);
});

const JOB: Job = {
  id: 'j'.repeat(26),
  changeSet: 'c'.repeat(26),
  appId: 'a'.repeat(26),
  appName: 'feeds',
  node: 'n'.repeat(26),
  header: '0'.repeat(64),
  number: 1,
  verb: 'deploy',
  state: 'done',
  outcome: 'succeeded',
  awayMs: null,
  fault: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
  steps: [],
};

test('a watch sees what was there before it, what comes after, and gives up at its time', async () => {
  const { port } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: 1\nevent: job\ndata: ${JSON.stringify(JOB)}\n\n`);
  });
  const session = async () => ok('one');
  const watch = (about: { there?: string; untilMs?: number }) =>
    watchEvents<string>(client([port], { session }), {
      signal: new AbortController().signal,
      clock: systemClock,
      timers: systemTimers,
      untilMs: about.untilMs ?? Number.POSITIVE_INFINITY,
      read: async () => ok(about.there),
      take: (event) => (event.type === 'job' ? event.data.appName : undefined),
    });
  expect(await watch({ there: 'before' })).toEqual(ok('before'));
  expect(await watch({})).toEqual(ok('feeds'));
  expect(await watch({ untilMs: 0 })).toEqual(ok(undefined));
});

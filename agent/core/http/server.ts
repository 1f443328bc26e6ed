import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { AUDIT_HEAD_HEADER, listOperations, type Operation, SESSION_SCHEME } from '#shared/contracts/rest/index.ts';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import { addressBlock } from '#shared/node/address-block.ts';
import { type ServerSockets, trackServerSockets } from '#shared/node/server-sockets.ts';
import { mayHoldSession } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';
import { type Bucket, createRateLimit } from '../rate-limit.ts';
import { createThinWarnings } from '../thin-warnings.ts';
import { type Asker, proposesOnly, requireDevice } from '../usecases/caller.ts';
import { streamEvents } from './event-stream.ts';
import { handlers, noSession, type SpecialAnswer } from './handlers.ts';
import { createHttpsServer } from './https-server.ts';
import { readJsonBody } from './json-body.ts';
import { checkOrigin } from './origin.ts';
import { errorToFault, faultToProblem, PROBLEM_MEDIA_TYPE } from './problems.ts';
import { createTokenDoor, type TokenDoor, tooManyRequests } from './token-door.ts';
import { zodValidatorCompiler } from './validation.ts';
import { serveWeb } from './web.ts';

const DEFAULT_BODY_BYTES = 64 * 1024;
/** Connections that have shown no session and no token, or not yet. */
const MAX_STRANGERS = 1_024;

/** Doors that open without a session, each with its own limit per caller's address. */
const LIMITS: Readonly<Record<string, Bucket>> = {
  claim: { capacity: 10, perSecond: 0.2 },
  createChallenge: { capacity: 120, perSecond: 10 },
  createSession: { capacity: 120, perSecond: 10 },
  presentTrust: { capacity: 20, perSecond: 0.2 },
  requestEnrolment: { capacity: 120, perSecond: 5 },
  waitEnrolment: { capacity: 120, perSecond: 5 },
  // One address can not fill the board: 20 at once and 20 more in the ten minutes that a request lives.
  requestDevice: { capacity: 20, perSecond: 1 / 30 },
  waitDevice: { capacity: 120, perSecond: 5 },
  revealDevice: { capacity: 120, perSecond: 5 },
};

export interface HttpServer {
  /** Port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 7443: every operation of the table, the upgrades of WebSockets, and the screens. */
export async function startHttpServer(about: {
  core: Core;
  tlsKey: string;
  tlsCert: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** `admit` is called once its caller has proved who it is. */
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, admit: () => void) => void;
  /** Where the built screens lie; undefined serves none. */
  webFolder: string | undefined;
}): Promise<HttpServer> {
  const { core } = about;
  const app = Fastify({
    serverFactory: (handle) => createHttpsServer({ key: about.tlsKey, cert: about.tlsCert }, handle),
    logger: false,
    bodyLimit: DEFAULT_BODY_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 128 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    const parsed = readJsonBody(text as string);
    if (parsed.ok) done(null, parsed.value);
    else done(new FaultError(parsed.error));
  });
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, bytes, done) =>
    done(null, bytes),
  );
  app.setValidatorCompiler(zodValidatorCompiler as never);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setNotFoundHandler((request, reply) => refuse(reply, notFound(request.method, request.url)));
  app.setErrorHandler((error, request, reply) => {
    const found = errorToFault(error);
    if (found.code === 'core.internal') {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      core.log.error('A request failed', { operation: request.routeOptions.url, error: text });
    }
    return refuse(reply, found);
  });
  const warn = createThinWarnings(core.log);
  const sockets = trackServerSockets(app.server, {
    mostStrangers: MAX_STRANGERS,
    onPushedOut: (address) => warn('Too many connections without a session: one was closed', { address }),
  });
  const door = createTokenDoor(core);
  for (const operation of listOperations()) {
    if (operation.response !== 'websocket') addRoute(app as never, { core, door, sockets }, operation);
  }
  if (about.webFolder !== undefined) await serveWeb(app as never, { folder: about.webFolder, log: core.log });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    about.onUpgrade(request, socket, head, () => sockets.admit(request.socket)),
  );
  app.server.on('tlsClientError', () => {});
  await app.listen({ host: about.host, port: about.port });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : about.port,
    close() {
      const closed = app.close();
      sockets.destroyAll();
      return closed;
    },
  };
}

/** The little of Fastify's instance that a route needs; its full type depends on the kind of server. */
interface Router {
  route(options: object): void;
}

/** What each route passes on its way in. */
interface Doorway {
  readonly core: Core;
  readonly door: TokenDoor;
  readonly sockets: ServerSockets;
}

function addRoute(app: Router, { core, door, sockets }: Doorway, operation: Operation): void {
  const bucket = LIMITS[operation.id];
  const limit = bucket === undefined ? undefined : createRateLimit(bucket, core.clock);
  const { params, query, body } = operation;
  // Asked once a request, before its body is read; a token's requests are counted there.
  const askers = new WeakMap<FastifyRequest, Asker>();
  app.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: operation.bodyMaxBytes ?? DEFAULT_BODY_BYTES,
    schema: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined || body === 'octets' ? {} : { body }),
    },
    // Before the body is read: strangers cost as little as can be.
    onRequest: async (request: FastifyRequest) => {
      const foreign = checkOrigin(request.headers);
      if (foreign !== undefined) throw new FaultError(foreign);
      const waitSeconds = limit?.(addressBlock(request.ip)) ?? 0;
      if (waitSeconds > 0) throw new FaultError(tooManyRequests('address', waitSeconds));
      if (operation.auth !== 'session') return;
      const asker = door.isFor(request.headers) ? door.enter(request) : sessionOf(core, request);
      if (asker === undefined) throw new FaultError(noSession());
      if ('held' in asker && operation.token !== true) throw new FaultError(proposesOnly());
      askers.set(request, asker);
      sockets.admit(request.raw.socket);
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      if (body === 'octets' && !Buffer.isBuffer(request.body)) throw new FaultError(noOctets());
      if (operation.response === 'events') {
        const session = sessionOf(core, request);
        if (session === undefined) throw new FaultError(noSession());
        return streamEvents(core, request, reply, session);
      }
      const gone = new AbortController();
      // Of the answer, not of the question: that one closes as soon as its body is read.
      reply.raw.on('close', () => gone.abort());
      const answer = await handlers[operation.id as keyof typeof handlers]({
        core,
        params: request.params as Record<string, string>,
        query: request.query as never,
        body: request.body as never,
        signal: gone.signal,
        asker: () => askerOrThrow(askers.get(request)),
        caller: () => requireDevice(askerOrThrow(askers.get(request))),
      });
      if (operation.auth === 'session') {
        const head = await core.store.durable.read.auditHead();
        if (head !== undefined) reply.header(AUDIT_HEAD_HEADER, head.hash);
      }
      return sendAnswer(reply, operation, answer);
    },
  });
}

function sendAnswer(reply: FastifyReply, operation: Operation, answer: object): FastifyReply {
  const special = answer as Partial<{
    octets: Uint8Array;
    lines: AsyncIterable<string>;
    json: unknown;
    status: number;
  }>;
  reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').code(operation.status);
  if (operation.response === 'octets')
    return reply.type('application/octet-stream').send(Buffer.from(special.octets ?? []));
  if (operation.response === 'jsonl') return reply.type('application/jsonl').send(Readable.from(special.lines ?? []));
  if (operation.id === 'readyz') {
    const { json, status } = answer as Extract<SpecialAnswer, { json: unknown }>;
    return reply.code(status).type('application/json').send(JSON.stringify(json));
  }
  return reply.type('application/json').send(JSON.stringify(answer));
}

/** For handlers that are called without a session by mistake of the table. */
function askerOrThrow(found: Asker | undefined): Asker {
  if (found === undefined) throw new FaultError(noSession());
  return found;
}

function sessionOf(core: Core, request: FastifyRequest) {
  const [scheme, session] = (request.headers.authorization ?? '').split(' ');
  const found = scheme === SESSION_SCHEME && session !== undefined ? core.sessions.find(session) : undefined;
  // Asked of the log each time: a session must not outlive its device, or what lets it read, by even one request.
  const stands = found && mayHoldSession(core.trust.current(), found.deviceId, core.clock.nowMs());
  return stands ? found : undefined;
}

function refuse(reply: FastifyReply, value: Fault): FastifyReply {
  const problem = faultToProblem(value);
  const waitSeconds = value.detail?.retryAfterSeconds;
  if (waitSeconds !== undefined) reply.header('retry-after', waitSeconds);
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problem));
}

function notFound(method: string, url: string): Fault {
  const path = url.split('?')[0] ?? url;
  const isFile = method === 'GET' && !path.startsWith('/api');
  return fault(
    'request.not-found',
    'permanent',
    `There is no ${isFile ? 'file' : `operation ${method}`} ${path.slice(0, 200)}.`,
    isFile ? 'Load the page again: it may be of an older version.' : 'See /api/v1/openapi.json.',
  );
}

function noOctets(): Fault {
  return fault(
    'request.media-type',
    'permanent',
    'content-type: an object is sent as application/octet-stream.',
    'Set the header content-type.',
    {
      field: 'content-type',
    },
  );
}

import type { CorePorts, HttpAnswer, HttpRequest, Socket, SocketRequest } from '#shared/device/index.ts';
import { createMessageQueue } from '#shared/device/index.ts';
import { FaultError, fault, sha256Hex, toBase64Url, utf8, utf8ToText } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';

/** The core's end of a socket that a device opened. */
export interface ScriptedSocket {
  readonly path: string;
  /** The next message of the device. */
  next(): Promise<Record<string, unknown>>;
  /** Sends a message to the device. */
  tell(message: object): void;
  /** Breaks the connection off. */
  cut(): void;
  readonly open: boolean;
}

/** A core in memory that says what a test wants, true or false: nothing here verifies anything. */
export interface ScriptedCore {
  readonly ports: CorePorts;
  readonly spki: string;
  fleet: string;
  headers: Envelope[];
  readonly objects: Map<string, Uint8Array>;
  /** Change sets that were taken, newest last. */
  readonly taken: { changeSet: Envelope; headers: Envelope[] }[];
  /** Answers every order with this status instead. */
  refuseWith: number | undefined;
  /** Whether anything answers at all. */
  away: boolean;
  /** Further answers, by `METHOD /path`; they come before those that every core has. */
  readonly answers: Map<string, (body: unknown) => unknown>;
  /** Requests that came, as `METHOD /path`. */
  readonly asked: string[];
  /** The next socket that a device opens. */
  nextSocket(): Promise<ScriptedSocket>;
}

/** Makes a core that holds nothing. */
export function createScriptedCore(nowMs: () => number): ScriptedCore {
  const soon = () => new Date(nowMs() + 14 * 60_000).toISOString();
  const answerTo = (method: string, path: string, body: Uint8Array): unknown => {
    const json = () => JSON.parse(utf8ToText(body)) as never;
    const scripted = core.answers.get(`${method} ${path}`);
    if (scripted) return scripted(body.length === 0 ? undefined : json());
    const hash = path.split('/')[2] ?? '';
    if (path === '/sessions/challenges') {
      const challenge = toBase64Url(new Uint8Array(32));
      const { spki: coreSpki, fleet } = core;
      return { challenge, coreSpki, fleet, expiresAt: soon(), version: '0', addresses: [] };
    }
    if (path === '/sessions') return { session: 'session', expiresAt: soon(), auditHead: null };
    if (path === '/sessions/tickets') return { ticket: toBase64Url(new Uint8Array(16)), expiresAt: soon() };
    if (path.endsWith('/releases')) return { headers: core.headers, bodies: {} };
    if (path === '/objects/missing') {
      const { hashes } = json() as { hashes: string[] };
      return { missing: hashes.filter((item) => !core.objects.has(item)) };
    }
    if (path.startsWith('/objects/') && method === 'PUT') {
      core.objects.set(hash, new Uint8Array(body));
      return { hash: sha256Hex(body), sizeBytes: body.length };
    }
    if (path.startsWith('/objects/')) return core.objects.get(hash);
    if (/\/(deploy|stop|start|remove|rollback)$/.test(path)) {
      if (core.refuseWith !== undefined) return core.refuseWith;
      core.taken.push(json());
      return { jobs: ['j'.repeat(26)] };
    }
    return 404;
  };

  const sockets = createMessageQueue<ScriptedSocket>();
  const opened = sockets.messages[Symbol.asyncIterator]();
  const core: ScriptedCore = {
    spki: 'c'.repeat(64),
    fleet: '',
    headers: [],
    objects: new Map(),
    taken: [],
    refuseWith: undefined,
    away: false,
    answers: new Map(),
    asked: [],
    nextSocket: async () => (await opened.next()).value as ScriptedSocket,
    ports: {
      http: {
        async send(request: HttpRequest): Promise<HttpAnswer> {
          if (request.signal.aborted) throw Object.assign(new Error('aborted'), { name: 'AbortError' });
          if (core.away) throw new FaultError(awayFault());
          const path = request.path.replace('/api/v1', '').replace(/\?.*$/, '');
          core.asked.push(`${request.method} ${path}`);
          const body = typeof request.body === 'string' ? utf8(request.body) : (request.body ?? new Uint8Array());
          return toHttpAnswer(answerTo(request.method, path, body));
        },
        close: () => undefined,
      },
      sockets: {
        async open(request: SocketRequest): Promise<Socket> {
          if (core.away) throw new FaultError(awayFault());
          const { device, socket } = connect(request);
          sockets.push(socket);
          return device;
        },
      },
    },
  };
  return core;
}

function connect(request: SocketRequest): { device: Socket; socket: ScriptedSocket } {
  const queue = createMessageQueue<string>();
  const sent = createMessageQueue<Record<string, unknown>>();
  const received = sent.messages[Symbol.asyncIterator]();
  let open = true;
  const end = (error?: Error): void => {
    open = false;
    queue.end(error);
  };
  const close = (): void => end();
  if (request.signal.aborted) close();
  request.signal.addEventListener('abort', close, { once: true });
  return {
    device: {
      send: (text) => sent.push(JSON.parse(text) as Record<string, unknown>),
      messages: queue.messages,
      close,
    },
    socket: {
      path: request.path,
      next: async () => (await received.next()).value as Record<string, unknown>,
      tell: (message) => queue.push(JSON.stringify(message)),
      cut: () => end(new FaultError(awayFault())),
      get open() {
        return open;
      },
    },
  };
}

function toHttpAnswer(answer: unknown): HttpAnswer {
  const isStatus = typeof answer === 'number';
  const bytes = answer instanceof Uint8Array ? answer : utf8(isStatus ? '' : JSON.stringify(answer));
  return {
    status: isStatus ? answer : 200,
    header: () => undefined,
    body: (async function* () {
      yield bytes;
    })(),
    cancel: () => undefined,
  };
}

function awayFault() {
  return fault('core.unreachable', 'transient', 'the core is away', 'Bring it back.');
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Control, createControl, type LabRecord, takeFault } from './control.ts';
import { ACCOUNT_ID, DEFAULT_TOKEN, FREE_PLAN_RECORD_QUOTA, type LabFault, type World } from './model.ts';
import { Refusal, type Reply, refused } from './reply.ts';
import { type ApiRequest, answer } from './routes.ts';

export type { Control, LabRecord } from './control.ts';
export { ACCOUNT_ID, type LabFault, type LabToken } from './model.ts';

const API_PREFIX = '/client/v4';
const LAB_PREFIX = '/__lab/';
const BODY_LIMIT_BYTES = 1_000_000;

export interface CloudflareDouble {
  /** Base URL for the SDK's `baseURL` and for lego's `CLOUDFLARE_BASE_URL`, ending in `/client/v4`. */
  url: string;
  /** Where the switches are: `POST <labUrl>/<verb>` with a JSON list of arguments answers `{result}`. */
  labUrl: string;
  token: string;
  records(): LabRecord[];
  control: Control;
  close(): Promise<void>;
}

export interface CloudflareDoubleOptions {
  zones: string[];
  host?: string;
  port?: number;
  /** The token that may do everything at the start. */
  token?: string;
}

/**
 * A stateful double of the part of Cloudflare's API v4 that Overseer uses, over a real socket.
 * It checks permissions, refuses what the real API refuses with the same codes, and can be made to fail on demand.
 */
export async function createCloudflareDouble(options: CloudflareDoubleOptions): Promise<CloudflareDouble> {
  const world = createWorld(options.zones);
  const control = createControl(world);
  const token = options.token ?? DEFAULT_TOKEN;
  control.setToken(token, {});
  const server = createServer((incoming, response) => {
    serve(incoming, response, world, control).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}${API_PREFIX}`,
    labUrl: `${origin}${LAB_PREFIX.slice(0, -1)}`,
    token,
    records: control.records,
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createWorld(zoneNames: string[]): World {
  let counter = 0;
  const nextId = () => (++counter).toString(16).padStart(32, 'c');
  return {
    zones: zoneNames.map((name) => ({ id: nextId(), name, accountId: ACCOUNT_ID, records: [] })),
    tokens: new Map(),
    faults: [],
    requests: [],
    quota: FREE_PLAN_RECORD_QUOTA,
    nextId,
    now: () => new Date(),
  };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  world: World,
  control: Control,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://double');
  const body = await readBody(incoming);
  if (url.pathname.startsWith(LAB_PREFIX))
    return serveLab(url.pathname.slice(LAB_PREFIX.length), body, response, control);
  const method = incoming.method ?? 'GET';
  const path = url.pathname.startsWith(API_PREFIX) ? url.pathname.slice(API_PREFIX.length) : url.pathname;
  const fault = takeFault(world, method, path);
  const request = {
    method,
    path,
    query: url.searchParams,
    headers: incoming.headers,
    body,
    endless: fault?.kind === 'endless-pages',
  };
  if (fault?.kind === 'slow') await delay(fault.delayMs ?? 1000);
  const reply = faultReply(fault) ?? answerOrRefuse(request, world);
  world.requests.push({
    method,
    path,
    query: url.search,
    status: reply.status,
    body,
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
  });
  if (fault?.kind === 'drop-before' || fault?.kind === 'drop-after') return void response.destroy();
  send(response, reply);
}

function answerOrRefuse(request: ApiRequest, world: World): Reply {
  try {
    return answer(request, world);
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

/** The answer a fault gives in place of the API's; nothing takes effect then. */
function faultReply(fault: LabFault | undefined): Reply | undefined {
  switch (fault?.kind) {
    case 'rate-limit':
      return {
        ...refused(new Refusal(429, 971, 'Please wait and consider throttling your request speed')),
        headers: { 'retry-after': String(fault.retryAfterSeconds ?? 300) },
      };
    case 'server-error':
      return refused(new Refusal(fault.status ?? 500, 10000, 'Internal server error'));
    case 'html':
      return {
        status: fault.status ?? 502,
        html: '<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>',
      };
    case 'success-false':
      return refused(new Refusal(200, 10013, 'An unknown error has occurred'));
    case 'drop-before':
      return { status: 0 };
    default:
      return undefined;
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const type = reply.html === undefined ? 'application/json' : 'text/html; charset=UTF-8';
  response.writeHead(reply.status, { 'content-type': type, 'cf-ray': 'lab', ...reply.headers });
  response.end(reply.html ?? JSON.stringify(reply.json));
}

/** `POST /__lab/<verb>` calls the verb of the control object; a GET without body reads (`records`, `requests`). */
function serveLab(verb: string, body: unknown, response: ServerResponse, control: Control): void {
  const call = Object.hasOwn(control, verb)
    ? (control as unknown as Record<string, (...args: unknown[]) => unknown>)[verb]
    : undefined;
  try {
    if (!call) throw new Error(`no switch ${verb}; there are ${Object.keys(control).join(', ')}`);
    const result = call(...(Array.isArray(body) ? body : []));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ result: result ?? null }));
  } catch (error) {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT_BYTES) throw new Error('request body too large');
    chunks.push(chunk as Buffer);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

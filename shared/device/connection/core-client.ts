import type { z } from 'zod';
import {
  AUDIT_HEAD_HEADER,
  type CoreEvent,
  eventSchema,
  hashSchema,
  type OperationId,
  operationOf,
  type operations,
  problemSchema,
  SESSION_SCHEME,
  TOKEN_SCHEME,
} from '#shared/contracts/rest/index.ts';
import { err, type Fault, FaultError, fault, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import type { HttpAnswer, HttpPort } from '../ports/http.ts';
import { readAll } from './read-all.ts';
import { readServerEvents } from './server-events.ts';

/** What one call carries. `body` is JSON, `octets` raw bytes. */
export interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly octets?: Uint8Array<ArrayBuffer>;
}

type Answer<K extends OperationId> = (typeof operations)[K]['response'] extends z.ZodType
  ? z.output<(typeof operations)[K]['response']>
  : never;

/** One core, spoken to by the same schemas that validate on its side. Answers and refusals are values. */
export interface CoreClient {
  call<K extends OperationId>(id: K, input?: CallInput): Promise<Result<Answer<K>>>;
  octets(id: OperationId, input?: CallInput): Promise<Result<Uint8Array<ArrayBuffer>>>;
  /**
   * Subscribes to events after `after` (or from now on): once this resolves, nothing that happens is missed. The
   * generator ends with `signal` or the connection; a fault ends it by throwing.
   */
  openEvents(
    after: string | null,
    signal: AbortSignal,
  ): Promise<Result<AsyncGenerator<{ id: string; event: CoreEvent }>>>;
  close(): void;
}

export interface CoreClientOptions {
  readonly http: HttpPort;
  readonly signal: AbortSignal;
  /** Gives a session for operations that need one; `fresh` asks for a new one because the core refused the last. */
  readonly session?: (client: CoreClient, fresh: boolean) => Promise<Result<string>>;
  /** The text of an API token, used in place of a session. */
  readonly token?: string;
  /** Told about each head of the core's audit chain that an answer carried: this device is a witness. */
  readonly onAuditHead?: (head: string) => void;
}

const TIMEOUT_MS = 40_000;
/** The core says something every 15 s: after three times that it is gone, though no packet told so. */
const EVENTS_SILENCE_MS = 45_000;

/** Makes a client over a port. Connects lazily. */
export function createCoreClient(options: CoreClientOptions): CoreClient {
  const send = (id: OperationId, input: CallInput, headers: Record<string, string>): Promise<HttpAnswer> => {
    const operation = operationOf(id);
    return options.http.send({
      method: operation.method,
      path: callPath(operation.path, input),
      ...callBody(input, headers),
      headers,
      signal: options.signal,
      timeoutMs: operation.response === 'events' ? EVENTS_SILENCE_MS : TIMEOUT_MS,
    });
  };

  const request = async (
    id: OperationId,
    input: CallInput,
    extra: Record<string, string>,
  ): Promise<Result<HttpAnswer>> => {
    try {
      const needsSession = operationOf(id).auth === 'session';
      for (const fresh of [false, true]) {
        const headers = { ...extra };
        if (needsSession && options.token !== undefined) headers.authorization = `${TOKEN_SCHEME} ${options.token}`;
        else if (needsSession) {
          const session = await (options.session?.(client, fresh) ?? Promise.resolve(ok('')));
          if (!session.ok) return session;
          headers.authorization = `${SESSION_SCHEME} ${session.value}`;
        }
        const answer = await send(id, input, headers);
        noteAuditHead(answer, options.onAuditHead);
        if (answer.status < 400) return ok(answer);
        const refusal = await answerToFault(answer);
        if (answer.status !== 401 || !needsSession || fresh || options.token !== undefined) return err(refusal);
      }
      throw new Error('unreachable');
    } catch (error) {
      return err(errorToFault(error));
    }
  };

  const client: CoreClient = {
    async call(id, input = {}) {
      const answer = await request(id, input, { accept: 'application/json' });
      if (!answer.ok) return answer;
      try {
        const schema = operationOf(id).response;
        if (typeof schema === 'string') throw new TypeError(`${id} does not answer with JSON`);
        return ok(schema.parse(JSON.parse(utf8ToText(await readAll(answer.value.body)))) as never);
      } catch (error) {
        return err(errorToFault(error));
      }
    },
    async octets(id, input = {}) {
      const answer = await request(id, input, {});
      if (!answer.ok) return answer;
      try {
        return ok(await readAll(answer.value.body));
      } catch (error) {
        return err(errorToFault(error));
      }
    },
    async openEvents(after, signal) {
      const answer = await request('streamEvents', {}, after === null ? {} : { 'last-event-id': after });
      return answer.ok ? ok(readCoreEvents(answer.value, signal)) : answer;
    },
    close: () => options.http.close(),
  };
  return client;
}

async function* readCoreEvents(
  answer: HttpAnswer,
  signal: AbortSignal,
): AsyncGenerator<{ id: string; event: CoreEvent }> {
  const stop = (): void => answer.cancel();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { id, event, data } of readServerEvents(answer.body)) {
      const parsed = eventSchema.safeParse({ type: event, data: JSON.parse(data) });
      // An event this version does not know is news for a newer one, not an error.
      if (parsed.success) yield { id, event: parsed.data };
    }
  } catch (error) {
    if (!signal.aborted) throw new FaultError(eventsCut(error));
  } finally {
    signal.removeEventListener('abort', stop);
    answer.cancel();
  }
}

function eventsCut(error: unknown): Fault {
  return fault(
    'core.unreachable',
    'transient',
    `the stream of events broke off (${error instanceof Error ? error.message : String(error)})`,
    'The command goes on by itself when the core is back.',
  );
}

function callPath(template: string, input: CallInput): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) query.append(key, String(value));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

function callBody(input: CallInput, headers: Record<string, string>): { body?: string | Uint8Array<ArrayBuffer> } {
  if (input.octets !== undefined) {
    headers['content-type'] = 'application/octet-stream';
    return { body: input.octets };
  }
  if (input.body === undefined) return {};
  headers['content-type'] = 'application/json';
  return { body: JSON.stringify(input.body) };
}

function noteAuditHead(answer: HttpAnswer, note?: (head: string) => void): void {
  const head = hashSchema.safeParse(answer.header(AUDIT_HEAD_HEADER));
  if (head.success) note?.(head.data);
}

async function answerToFault(answer: HttpAnswer): Promise<Fault> {
  const text = utf8ToText(await readAll(answer.body)).slice(0, 65_536);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const problem = problemSchema.safeParse(body);
  if (!problem.success) {
    return fault(
      'core.bad-answer',
      answer.status >= 500 ? 'transient' : 'permanent',
      `the core answered ${answer.status} without saying why`,
      'Look at the core’s own log; check that core and CLI have neighbouring versions.',
    );
  }
  const { code, kind, detail, next, field, facts } = problem.data;
  return fault(code, kind, detail, next, { ...(field ? { field } : {}), ...(facts ? { detail: facts } : {}) });
}

/** Any thrown thing as a fault: what a library threw is a bad answer, an abort is the person's. */
export function errorToFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (error instanceof Error && error.name === 'AbortError') return interrupted();
  const text = error instanceof Error ? error.message : String(error);
  return fault(
    'core.bad-answer',
    'permanent',
    `the core's answer could not be read: ${text.slice(0, 500)}`,
    'Check that core and CLI have neighbouring versions (`overseer --version`, `overseer core --version`).',
  );
}

/** The fault of a command that was stopped by its user. */
export function interrupted(): Fault {
  return fault(
    'cli.interrupted',
    'transient',
    'the command was interrupted',
    'What the core had already accepted goes on; see `overseer jobs list`.',
  );
}

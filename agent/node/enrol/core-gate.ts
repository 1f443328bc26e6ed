import {
  API_PREFIX,
  type EnrolmentWaitResponse,
  enrolmentResponseSchema,
  enrolmentWaitResponseSchema,
  problemSchema,
} from '#shared/contracts/rest/index.ts';
import { type Clock, err, type Fault, fault, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { requestPinned } from '#shared/node/pinned-request.ts';
import type { EnrolmentToken } from '#shared/trust/index.ts';
import type { PendingEnrolment } from './enrolment-file.ts';

/** Clocks further apart than this break commands and `acceptBy`, in milliseconds. */
export const MAX_CLOCK_SKEW_MS = 10 * 60_000;

/** The three calls a joining node makes on 7443, at the address that answered. */
export interface CoreGate {
  readonly host: string;
  post(pending: PendingEnrolment): Promise<Result<void>>;
  wait(admit: string): Promise<Result<EnrolmentWaitResponse>>;
}

/**
 * The first of the token's addresses where the token's core answers, with its clock near ours. Faults:
 * `core.unreachable` naming every address, `core.wrong-key`, `enrol.clock-wrong` naming both clocks.
 */
export async function findCore(token: EnrolmentToken, clock: Clock, signal: AbortSignal): Promise<Result<CoreGate>> {
  const faults: Fault[] = [];
  for (const address of token.addresses) {
    const call = createCall(token, address.host, address.httpPort, signal);
    const answer = await call('GET', '/healthz', undefined, 10_000);
    if (!answer.ok) {
      faults.push(answer.error);
      continue;
    }
    const skewed = decideClock(answer.value.date, clock);
    if (!skewed.ok) return skewed;
    return ok(createGate(address.host, call));
  }
  return err(faults.find((one) => one.code === 'core.wrong-key') ?? nowhere(token, faults));
}

/** Compares the core's Date header (seconds) with our clock; no header, no verdict. */
export function decideClock(coreDate: string | undefined, clock: Clock): Result<void> {
  const coreMs = Date.parse(coreDate ?? '');
  const ownMs = clock.nowMs();
  if (Number.isNaN(coreMs) || Math.abs(coreMs - ownMs) <= MAX_CLOCK_SKEW_MS) return ok();
  const [own, core] = [new Date(ownMs).toISOString(), new Date(coreMs).toISOString()];
  return err(
    fault(
      'enrol.clock-wrong',
      'permanent',
      `This machine's clock says ${own}, the core's says ${core}.`,
      'Set the clock that is wrong (for instance `timedatectl set-ntp true`), then run the same command again.',
      { detail: { own, core } },
    ),
  );
}

interface Answer {
  readonly status: number;
  readonly date: string | undefined;
  readonly json: unknown;
}
type Call = (
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
  timeoutMs: number,
) => Promise<Result<Answer>>;

function createCall(token: EnrolmentToken, host: string, port: number, signal: AbortSignal): Call {
  return async (method, path, body, timeoutMs) => {
    const answer = await requestPinned({
      host,
      port,
      spki: token.coreSpki,
      method,
      path,
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      timeoutMs,
      signal,
    });
    if (!answer.ok) return answer;
    const { status, headers } = answer.value;
    const json = readJson(answer.value.body);
    if (status >= 200 && status < 300) return ok({ status, date: headers.date, json });
    return err(problemToFault(status, json));
  };
}

function createGate(host: string, call: Call): CoreGate {
  return {
    host,
    async post({ admit, request, mac }) {
      const answer = await call('POST', `${API_PREFIX}/enrolments`, { admit, request, mac }, 20_000);
      if (!answer.ok) return answer;
      return enrolmentResponseSchema.safeParse(answer.value.json).success ? ok() : err(notACore(host));
    },
    async wait(admit) {
      // The core answers within 30 s.
      const answer = await call('POST', `${API_PREFIX}/enrolments/wait`, { admit }, 45_000);
      if (!answer.ok) return answer;
      const parsed = enrolmentWaitResponseSchema.safeParse(answer.value.json);
      return parsed.success ? ok(parsed.data) : err(notACore(host));
    },
  };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8ToText(body));
  } catch {
    return undefined;
  }
}

function problemToFault(status: number, json: unknown): Fault {
  const problem = problemSchema.safeParse(json);
  if (problem.success) {
    const { code, kind, detail, next, field, facts } = problem.data;
    return fault(code, kind, detail, next, { ...(field ? { field } : {}), ...(facts ? { detail: facts } : {}) });
  }
  return fault(
    'core.bad-answer',
    status >= 500 || status === 429 ? 'transient' : 'permanent',
    `The core answered ${status} without saying why.`,
    'Look at the log of the core; check that both sides run the same version.',
  );
}

function notACore(host: string): Fault {
  return fault(
    'core.bad-answer',
    'permanent',
    `${host} answers, but not as an Overseer core of this version does.`,
    'Check that core and node run the same version, or one minor version apart.',
  );
}

function nowhere(token: EnrolmentToken, faults: readonly Fault[]): Fault {
  const tried = token.addresses.map((address) => `${address.host}:${address.httpPort}`).join(', ');
  return fault(
    'core.unreachable',
    'transient',
    `The core answers at none of the token's addresses (${tried}). ${faults.map((one) => one.message).join(' ')}`,
    'Check that `overseer core start` runs, that this machine reaches it, and the firewall; then run the same command again.',
  );
}

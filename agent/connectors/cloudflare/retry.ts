import type { Result } from '#shared/kernel/index.ts';

/** Waits; a port so that tests do not. */
export type Sleep = (milliseconds: number) => Promise<void>;

const TRIES = 3;
const FIRST_WAIT_MS = 500;
/** A provider may ask for minutes; so long nobody waits inside a job step, the fault goes up and is tried later. */
const LONGEST_WAIT_MS = 5_000;

/** Repeats a call that may be repeated (reads, edits of a known record, deletes) after transient faults. */
export async function withRetry<T>(sleep: Sleep, call: () => Promise<Result<T>>): Promise<Result<T>> {
  for (let attempt = 1; ; attempt++) {
    const result = await call();
    if (result.ok || result.error.kind !== 'transient' || attempt === TRIES) return result;
    const asked = result.error.detail?.retryAfterSeconds;
    const waitMs = asked === undefined ? FIRST_WAIT_MS * 2 ** (attempt - 1) : Number(asked) * 1000;
    if (waitMs > LONGEST_WAIT_MS) return result;
    await sleep(waitMs);
  }
}

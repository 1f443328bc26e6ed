import type { CoreEvent } from '#shared/contracts/rest/index.ts';
import { type Clock, err, ok, type Result, unwrap } from '#shared/kernel/index.ts';
import { pause, type Timers } from '../ports/timers.ts';
import { type CoreClient, errorToFault, interrupted } from './core-client.ts';

export interface Watch<T> {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly timers: Timers;
  /** When to give up, in milliseconds since the epoch; Infinity waits for ever. */
  readonly untilMs: number;
  /** Looks at the present state: asked after each (re)connection, so that nothing that came before is missed. */
  readonly read: () => Promise<Result<T | undefined>>;
  /** Looks at one event; a value ends the watch. */
  readonly take: (event: CoreEvent) => T | undefined | Promise<T | undefined>;
}

/** How often a core that is away is asked again, in milliseconds. */
export const RECONNECT_MS = 1_000;
/** How long the core may be away before who waits for it gives up, in milliseconds. */
export const AWAY_MS = 120_000;

/**
 * Waits until `read` or `take` finds what is looked for. A cut connection is taken up again after the last event
 * seen, a core that restarts is waited for. Gives undefined when the time is over.
 */
export async function watchEvents<T>(client: CoreClient, watch: Watch<T>): Promise<Result<T | undefined>> {
  let lastId: string | null = null;
  let awaySinceMs: number | undefined;
  for (;;) {
    const stop = new AbortController();
    const leftMs = watch.untilMs - watch.clock.nowMs();
    if (leftMs <= 0) return ok(undefined);
    const callOff = leftMs < 2 ** 31 ? watch.timers.after(leftMs, () => stop.abort()) : undefined;
    const signal = AbortSignal.any([watch.signal, stop.signal]);
    try {
      // The stream is opened before the state is read: what happens between the two is not lost.
      const events: AsyncGenerator<{ id: string; event: CoreEvent }> = unwrap(await client.openEvents(lastId, signal));
      const present = unwrap(await watch.read());
      if (present !== undefined) return ok(present);
      awaySinceMs = undefined;
      for await (const { id, event } of events) {
        lastId = id;
        if (event.type === 'resync') {
          lastId = null;
          break;
        }
        const found = await watch.take(event);
        if (found !== undefined) return ok(found);
      }
    } catch (error) {
      const reason = errorToFault(error);
      if (reason.kind !== 'transient' || watch.signal.aborted) return err(reason);
      awaySinceMs ??= watch.clock.nowMs();
      if (watch.clock.nowMs() - awaySinceMs > AWAY_MS) return err(reason);
    } finally {
      callOff?.();
      stop.abort();
    }
    if (watch.signal.aborted) return err(interrupted());
    await pause(watch.timers, RECONNECT_MS, watch.signal);
  }
}

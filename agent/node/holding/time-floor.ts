import type { Clock } from '#shared/kernel/index.ts';
import { creditedTime, timeFloorOf } from '#shared/trust/index.ts';
import type { TrustHolder } from '../link/trust-holder.ts';
import type { NodeStore } from '../store/node-store.ts';

/** How often the time that has passed since is written down. After a crash the floor is behind by no more than this. */
export const KEEP_EVERY_MS = 5 * 60_000;

/** HOLD-10, HOLD-11: the time that must have passed, whatever the machine's clock says now. */
export interface TimeFloor {
  /** HOLD-11: `now` for every decision about a window of time: the machine's clock, and never before the floor. */
  readonly clock: Clock;
  /** null: nobody who counts has vouched for a time yet. */
  floorMs(): number | null;
  /** A verified statement or release says that it is this late. Durable when it returns, or with the transaction around it. */
  raise(signer: string, saidMs: number): void;
  /** Writes down how far the floor has come by itself. */
  keep(): void;
  start(): void;
  stop(): void;
}

export interface TimeFloorOptions {
  readonly trust: Pick<TrustHolder, 'state'>;
  readonly store: Pick<NodeStore, 'timeFloor'>;
  /** The machine's clock, which anybody on the network may be able to set. */
  readonly clock: Clock;
  /** A clock that nobody sets: it counts what passes while this process runs. */
  readonly steadyMs?: () => number;
  log(line: string): void;
}

interface Vouched {
  readonly timeMs: number;
  /** The steady clock when it was vouched for or read. */
  readonly atSteadyMs: number;
}

/** Begins at what the store has kept: a restart loses what passed since the last `keep`, never more. */
export function createTimeFloor(options: TimeFloorOptions): TimeFloor {
  const { trust, store, clock, log } = options;
  const steadyMs = options.steadyMs ?? (() => performance.now());
  const vouched = new Map<string, Vouched>();
  const startedMs = steadyMs();
  for (const [signer, timeMs] of store.timeFloor.all()) vouched.set(signer, { timeMs, atSteadyMs: startedMs });
  let ticker: NodeJS.Timeout | undefined;

  const atPresent = function* (): Iterable<readonly [string, number]> {
    const passedMs = steadyMs();
    for (const [signer, { timeMs, atSteadyMs }] of vouched) yield [signer, timeMs + passedMs - atSteadyMs];
  };
  const floorMs = (): number | null => timeFloorOf(trust.state, atPresent());
  const nowMs = (): number => Math.max(clock.nowMs(), Math.floor(floorMs() ?? Number.NEGATIVE_INFINITY));
  const keep = (): void => store.timeFloor.raise(atPresent());

  return {
    clock: { nowMs },
    floorMs,
    raise(signer, saidMs) {
      const timeMs = creditedTime(saidMs, nowMs());
      const before = vouched.get(signer);
      const steady = steadyMs();
      if (before && before.timeMs + steady - before.atSteadyMs >= timeMs) return;
      store.timeFloor.raise([[signer, timeMs]]);
      vouched.set(signer, { timeMs, atSteadyMs: steady });
    },
    keep,
    start() {
      ticker = setInterval(() => {
        try {
          keep();
        } catch (cause) {
          // A full disk: what was kept before stands, and what passed since is still counted in memory.
          log(`The time that has passed was not written down: ${cause instanceof Error ? cause.message : cause}`);
        }
      }, KEEP_EVERY_MS);
      ticker.unref();
    },
    stop: () => clearInterval(ticker),
  };
}

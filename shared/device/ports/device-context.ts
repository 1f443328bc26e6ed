import type { Clock, Random } from '#shared/kernel/index.ts';
import type { Tell } from './tell.ts';
import type { Timers } from './timers.ts';

/** What every action of a device stands on. */
export interface DeviceContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  /** Ends what is going on. */
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

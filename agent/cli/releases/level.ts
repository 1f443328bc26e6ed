import type { Fault, Result } from '#shared/kernel/index.ts';
import { ok } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { CliContext } from '../context.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { flushOutbox } from './outbox.ts';

/** The replica, and whether the core could be reached. */
export interface Level {
  readonly replica: Replica;
  /** Undefined: replica and core are level. Else why the core is away. */
  readonly offline: Fault | undefined;
}

/**
 * Opens the replica and levels it with the core. A core that is away is no error: the command goes on with what is
 * here. Changes that waited for the core are signed now.
 */
export async function levelWithCore(context: CliContext, fleet: Fleet): Promise<Result<Level>> {
  const replica = await fleet.replica();
  if (!replica.ok) return replica;
  const synced = await fleet.sync();
  if (!synced.ok) {
    if (synced.error.kind !== 'transient' || context.signal.aborted) return synced;
    return ok({ replica: replica.value, offline: synced.error });
  }
  await flushOutbox(context, fleet);
  return ok({ replica: replica.value, offline: undefined });
}

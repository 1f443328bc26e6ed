import type { Fault, Result } from '#shared/kernel/index.ts';
import { ok } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
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
export async function levelWithCore(context: DeviceContext, fleet: Fleet): Promise<Result<Level>> {
  const replica = await fleet.replica();
  return replica.ok ? levelReplica(context, fleet, replica.value) : replica;
}

/** The same for verbs that only look: while another command edits, what lies here is shown. */
export async function levelToLook(context: DeviceContext, fleet: Fleet): Promise<Result<Level>> {
  const replica = await fleet.replica();
  if (replica.ok) return levelReplica(context, fleet, replica.value);
  if (replica.error.code !== 'cli.home-busy') return replica;
  const seen = await fleet.glance();
  if (!seen.ok) return seen;
  context.tell.note('Another overseer command is editing here: this is what it has written so far.', 'warn');
  return ok({ replica: seen.value, offline: undefined });
}

async function levelReplica(context: DeviceContext, fleet: Fleet, replica: Replica): Promise<Result<Level>> {
  const synced = await fleet.sync();
  if (!synced.ok) {
    if (synced.error.kind !== 'transient' || context.signal.aborted) return synced;
    return ok({ replica, offline: synced.error });
  }
  await flushOutbox(context, fleet);
  return ok({ replica, offline: undefined });
}

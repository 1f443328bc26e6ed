import { err, type Fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Intent } from '../ports/device-store.ts';
import { keepIntent } from './outbox.ts';
import { type ChangeDraft, submitChange } from './sign-change.ts';

/** A change that a person has confirmed. */
export interface ConfirmedChange {
  readonly draft: ChangeDraft;
  /** Of the app. */
  readonly name: string;
  /** The plan as it was shown. */
  readonly lines: readonly string[];
}

/** What became of it: the core has it, or it waits unsigned until the core is there. */
export type Delivered =
  | { readonly jobs: readonly string[]; readonly number: number }
  | { readonly intent: Intent; readonly reason: Fault };

/** Signs a confirmed change and hands it to the core; without the core it waits unsigned in the outbox. */
export async function deliver(
  context: DeviceContext,
  fleet: Fleet,
  change: ConfirmedChange,
  offline: Fault | undefined,
): Promise<Result<Delivered>> {
  if (offline) return putAside(context, fleet, change, offline);
  const levelled = await fleet.sync();
  if (levelled.ok) return submitChange(fleet, context, change.draft);
  return levelled.error.kind === 'transient' ? putAside(context, fleet, change, levelled.error) : levelled;
}

async function putAside(
  context: DeviceContext,
  fleet: Fleet,
  change: ConfirmedChange,
  reason: Fault,
): Promise<Result<Delivered>> {
  if (context.signal.aborted) return err(reason);
  return ok({ intent: await keepIntent(context, fleet, change), reason });
}

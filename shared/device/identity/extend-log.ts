import { type Clock, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  type Envelope,
  type Signer,
  signTrustEntry,
  stateBeside,
  type TrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { levelTrust } from '../nodes/enrolment-tokens.ts';

/** Makes the next entry from the log with the ones before it; undefined when there is no more. */
export type NextEntry = (log: TrustState, made: readonly Envelope[]) => TrustEntry | undefined;

/**
 * Signs entries one on top of the other and hands them to the core together, so that nobody ever holds a part of them.
 * The log is read anew first: entries are made while connected only (ADR 2). The signer is this device unless the recovery
 * words sign; `beside` names entries that they do not build on.
 */
export async function extendLog(
  context: { readonly clock: Clock },
  fleet: Fleet,
  next: NextEntry,
  by: { readonly signer?: Signer | undefined; readonly beside?: readonly string[] } = {},
): Promise<Result<readonly Envelope[]>> {
  const { signer = fleet.device.signer, beside = [] } = by;
  const read = await levelTrust(fleet);
  if (!read.ok) return read;
  let log = fleet.trust();
  const made: Envelope[] = [];
  for (let entry = next(log, made); entry !== undefined; entry = next(log, made)) {
    const about = { at: isoTime(context.clock), auditHead: fleet.heads().auditHead };
    const on = beside.length > 0 ? stateBeside(log, beside) : log;
    const envelope = await signTrustEntry(on, entry, signer, about);
    const applied = await applyTrustEntries(log, [envelope]);
    if (!applied.ok) return applied;
    log = applied.value.state;
    made.push(envelope);
  }
  if (made.length === 0) return ok(made);
  const sent = await fleet.client.call('extendTrust', { body: { entries: made } });
  if (!sent.ok) return sent;
  const taken = await fleet.takeTrust(made);
  return taken.ok ? ok(made) : taken;
}

/** One entry. */
export function oneEntry(entry: TrustEntry): NextEntry {
  return (_, made) => (made.length === 0 ? entry : undefined);
}

import { type ChangeDraft, type Fleet, keepIntent, submitChange } from '#shared/device/index.ts';
import { err, type Fault, fault, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import type { VerbInput } from '../options.ts';
import { type Finish, finishChange } from './finish-change.ts';

/**
 * Brings a confirmed change to the core and follows it; without the core it waits unsigned in the outbox, and the
 * exit code 75 says so.
 */
export async function deliverChange(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  about: { draft: ChangeDraft; lines: readonly string[]; offline: Fault | undefined; finish: Finish },
): Promise<Result<Done>> {
  const { draft, finish } = about;
  if (about.offline) return putAside(context, fleet, about, about.offline);
  const levelled = await fleet.sync();
  if (!levelled.ok) {
    return levelled.error.kind === 'transient' ? putAside(context, fleet, about, levelled.error) : levelled;
  }
  const sent = await submitChange(fleet, context, draft);
  if (!sent.ok) return sent;
  return finishChange(context, fleet, input, { ...finish, jobs: sent.value.jobs });
}

async function putAside(
  context: CliContext,
  fleet: Fleet,
  about: { draft: ChangeDraft; lines: readonly string[]; finish: Finish },
  reason: Fault,
): Promise<Result<Done>> {
  if (context.signal.aborted) return err(reason);
  const intent = await keepIntent(context, fleet, { name: about.finish.name, lines: about.lines, draft: about.draft });
  const error = fault(
    'cli.awaiting-signature',
    'transient',
    `the core is away; "${about.draft.verb} ${about.finish.name}" is kept and not signed yet`,
    'The next overseer command that reaches the core signs and sends it; see `overseer outbox list`.',
    { detail: { reason: reason.message } },
  );
  return done(
    { error, intent: { id: intent.id, verb: intent.verb, appId: intent.appId } },
    (out) => out.fault(error),
    EXIT.awaitingSignature,
  );
}

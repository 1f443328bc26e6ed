import { type ChangeDraft, deliver, type Fleet, type Intent } from '#shared/device/index.ts';
import { type Fault, fault, type Result } from '#shared/kernel/index.ts';
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
  const { draft, lines, offline, finish } = about;
  const delivered = await deliver(context, fleet, { name: finish.name, lines, draft }, offline);
  if (!delivered.ok) return delivered;
  if ('jobs' in delivered.value) return finishChange(context, fleet, input, { ...finish, jobs: delivered.value.jobs });
  return waits(finish.name, delivered.value);
}

function waits(name: string, { intent, reason }: { intent: Intent; reason: Fault }): Result<Done> {
  const error = fault(
    'cli.awaiting-signature',
    'transient',
    `the core is away; "${intent.verb} ${name}" is kept and not signed yet`,
    'The next overseer command that reaches the core signs and sends it; see `overseer outbox list`.',
    { detail: { reason: reason.message } },
  );
  return done(
    { error, intent: { id: intent.id, verb: intent.verb, appId: intent.appId } },
    (out) => out.fault(error),
    EXIT.awaitingSignature,
  );
}

import { z } from 'zod';
import { type ChangeSetVerb, changeSetVerbSchema } from '#shared/contracts/rest/index.ts';
import { isoTime, type Result, randomId } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Intent } from '../store/device-store.ts';
import { readBase } from './release-chain.ts';
import { type ChangeDraft, submitChange } from './sign-change.ts';

const intentSchema = z.object({
  name: z.string(),
  /** The plan as it was shown. */
  lines: z.array(z.string()),
  draft: z.object({
    verb: changeSetVerbSchema,
    appId: z.string(),
    node: z.string(),
    body: z.string(),
    base: z.object({ number: z.number(), header: z.string() }).nullable(),
    planHash: z.string(),
    objects: z.array(z.string()),
  }),
});

export type IntentContent = z.output<typeof intentSchema>;

/** Reads what the person confirmed. */
export function parseIntent(intent: Intent): IntentContent {
  return intentSchema.parse(JSON.parse(intent.content));
}

/** Keeps a confirmed change until the core is there. It is not signed: signing happens only while connected. */
export function keepIntent(
  context: CliContext,
  fleet: Fleet,
  about: { name: string; lines: readonly string[]; draft: ChangeDraft },
): Intent {
  const intent: Intent = {
    id: randomId(context.random),
    appId: about.draft.appId,
    verb: about.draft.verb satisfies ChangeSetVerb,
    createdAt: isoTime(context.clock),
    content: JSON.stringify(about),
    state: 'waiting',
  };
  // A later order for the same app says what is wanted now; the earlier one would only clash with it.
  for (const earlier of fleet.store.intents('waiting')) {
    if (earlier.appId !== intent.appId) continue;
    fleet.store.setIntentState(earlier.id, 'discarded', null);
    context.out.note(`It takes the place of the waiting change "${earlier.verb} ${about.name}".`, 'warn');
  }
  fleet.store.saveIntent(intent);
  return intent;
}

/** Signs waiting changes whose base still holds; the others become clashes that the person sees (P2). */
export async function flushOutbox(context: CliContext, fleet: Fleet): Promise<void> {
  for (const intent of fleet.store.intents('waiting')) {
    const { draft, name } = parseIntent(intent);
    const sent = await sendIntent(context, fleet, draft);
    if (!sent.ok && sent.error.kind === 'transient') return;
    if (!sent.ok) {
      fleet.store.setIntentState(intent.id, 'clash', JSON.stringify(sent.error));
      context.out.note(`The waiting change "${draft.verb} ${name}" was refused: ${sent.error.message}`, 'bad');
      continue;
    }
    if (sent.value === 'clash') {
      fleet.store.setIntentState(intent.id, 'clash', null);
      context.out.note(
        `The waiting change "${draft.verb} ${name}" clashes: somebody released ${name} meanwhile. Your edit is kept; plan and deploy again.`,
        'warn',
      );
      continue;
    }
    fleet.store.setIntentState(intent.id, 'signed', null);
    context.out.note(
      `Signed and sent the waiting change "${draft.verb} ${name}" (release ${sent.value.number}, job ${sent.value.job}).`,
      'good',
    );
  }
}

async function sendIntent(
  context: CliContext,
  fleet: Fleet,
  draft: IntentContent['draft'],
): Promise<Result<{ number: number; job: string } | 'clash'>> {
  const base = await readBase(fleet, context.clock, draft.appId, draft.node);
  if (!base.ok) return base;
  if ((base.value?.header ?? null) !== (draft.base?.header ?? null)) return { ok: true, value: 'clash' };
  const sent = await submitChange(fleet, context, draft);
  if (!sent.ok) return sent;
  return { ok: true, value: { number: sent.value.number, job: sent.value.jobs[0] ?? '' } };
}

import type { ChangeSetVerb } from '#shared/contracts/rest/index.ts';
import { err, type Fault, fault, isoTime, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Intent } from '../ports/device-store.ts';
import { type IntentContent, parseIntent } from './intent-content.ts';
import { readBase } from './release-chain.ts';
import { type ChangeDraft, submitChange } from './sign-change.ts';

/** Keeps a confirmed change until the core is there. It is not signed: signing happens only while connected. */
export async function keepIntent(
  context: DeviceContext,
  fleet: Fleet,
  about: { name: string; lines: readonly string[]; draft: ChangeDraft },
): Promise<Intent> {
  const intent: Intent = {
    id: randomId(context.random),
    appId: about.draft.appId,
    verb: about.draft.verb satisfies ChangeSetVerb,
    createdAt: isoTime(context.clock),
    content: JSON.stringify(about),
    state: 'waiting',
    fault: null,
  };
  // A later order for the same app says what is wanted now; the earlier one would only clash with it.
  const earlier = (await fleet.store.intents('waiting')).filter(({ appId }) => appId === intent.appId);
  const replaced = earlier.map(({ id }) => id);
  await fleet.store.saveIntent(intent, replaced);
  for (const { verb } of earlier) {
    context.tell.note(`It takes the place of the waiting change "${verb} ${about.name}".`, 'warn');
  }
  return intent;
}

/** Changes that wait for the core, and those that clashed, in that order. */
export async function listIntents(fleet: Fleet): Promise<Intent[]> {
  return [...(await fleet.store.intents('waiting')), ...(await fleet.store.intents('clash'))];
}

/** Gives up a change that waits or clashed; the edit itself stays. */
export async function discardIntent(fleet: Fleet, id: string): Promise<Result<void>> {
  const found = (await listIntents(fleet)).find((intent) => intent.id === id);
  if (!found)
    return err(fault('outbox.unknown', 'permanent', `no change "${id}" waits`, 'See `overseer outbox list`.'));
  await fleet.store.setIntentState(id, 'discarded', null);
  return ok();
}

interface Sent {
  readonly number: number;
  /** Null: it had arrived before, and only the answer was lost. */
  readonly job: string | null;
}

/** What became of a change that waited. */
export interface FlushedIntent {
  readonly intent: Intent;
  /** Of the app. */
  readonly name: string;
  /** Set when it was signed and sent; else it is a clash, by the core's refusal or by a release made meanwhile. */
  readonly sent: Sent | null;
  readonly refusal: Fault | null;
}

/** Outboxes that are being emptied: two at once would sign one change twice. */
const turns = new WeakMap<Fleet, Promise<unknown>>();

/**
 * Signs waiting changes whose base still holds; the others become clashes that the person sees (P2). Tells each and
 * gives all; what the core can not take now goes on waiting.
 */
export function flushOutbox(context: DeviceContext, fleet: Fleet): Promise<FlushedIntent[]> {
  const turn = (turns.get(fleet) ?? Promise.resolve()).then(() => flushInTurn(context, fleet));
  turns.set(
    fleet,
    turn.catch(() => undefined),
  );
  return turn;
}

async function flushInTurn(context: DeviceContext, fleet: Fleet): Promise<FlushedIntent[]> {
  const flushed: FlushedIntent[] = [];
  for (const intent of await fleet.store.intents('waiting')) {
    const { draft, name } = parseIntent(intent);
    const sent = await sendIntent(context, fleet, draft);
    if (!sent.ok && sent.error.kind === 'transient') return flushed;
    const one: FlushedIntent = {
      intent,
      name,
      sent: sent.ok ? sent.value : null,
      refusal: sent.ok ? null : sent.error,
    };
    const reason = one.refusal === null ? null : JSON.stringify(one.refusal);
    await fleet.store.setIntentState(intent.id, one.sent ? 'signed' : 'clash', reason);
    tellFlushed(context, one);
    flushed.push(one);
  }
  return flushed;
}

function tellFlushed({ tell }: DeviceContext, { intent, name, sent, refusal }: FlushedIntent): void {
  const change = `"${intent.verb} ${name}"`;
  if (sent?.job)
    tell.note(`Signed and sent the waiting change ${change} (release ${sent.number}, job ${sent.job}).`, 'good');
  else if (sent) tell.note(`The core has the waiting change ${change} already (release ${sent.number}).`, 'good');
  else if (refusal) tell.note(`The waiting change ${change} was refused: ${refusal.message}`, 'bad');
  else {
    tell.note(
      `The waiting change ${change} clashes: somebody released ${name} meanwhile. Your edit is kept; plan and deploy again.`,
      'warn',
    );
  }
}

/** Null: the base has moved on. */
async function sendIntent(
  context: DeviceContext,
  fleet: Fleet,
  draft: IntentContent['draft'],
): Promise<Result<Sent | null>> {
  const base = await readBase(fleet, context.clock, draft.appId, draft.node);
  if (!base.ok) return base;
  if ((base.value?.header ?? null) !== (draft.base?.header ?? null)) return ok(await findArrived(fleet, draft));
  const sent = await submitChange(fleet, context, draft);
  if (!sent.ok) return sent;
  return ok({ number: sent.value.number, job: sent.value.jobs[0] ?? null });
}

/** The release that stands on the base is this very change when its answer was lost on the way; null for another one. */
async function findArrived(fleet: Fleet, { appId, node, base, body }: IntentContent['draft']): Promise<Sent | null> {
  const last = await fleet.store.lastRelease(appId, node);
  const isOwn = last?.envelope.signatures[0]?.keyid === fleet.device.deviceId;
  const isSame = isOwn && last.number === (base?.number ?? 0) + 1 && last.body === body;
  return isSame ? { number: last.number, job: null } : null;
}

import type { IntentView, PendingView } from '#shared/contracts/ipc/index.ts';
import { type Fault, fault, isFault } from '#shared/kernel/index.ts';
import type { Intent } from '../../ports/device-store.ts';
import { pause } from '../../ports/timers.ts';
import { parseIntent } from '../../releases/intent-content.ts';
import type { FleetHost } from '../fleet-host.ts';
import { planIdOf } from './plan-book.ts';
import { listRefused } from './refused-edits.ts';

/** Apps that are planned before others get a turn. */
const PLANS_A_TURN = 25;

/** Everything that is not signed yet: edits as plans, and confirmed changes that wait or came back. */
export async function listPending(host: FleetHost): Promise<PendingView> {
  const { store } = host.fleet;
  const intents = [...(await store.intents('waiting')), ...(await store.intents('clash'))];
  const confirmed = new Set(
    intents.filter(({ state }) => state === 'waiting').map((intent) => planIdOf(parseIntent(intent).draft)),
  );
  const plans: PendingView['plans'] = [];
  const stuck: PendingView['stuck'] = [];
  let planned = 0;
  for (const { appId, name, kind } of host.model.all()) {
    if (kind !== 'app') continue;
    const view = host.model.view(appId);
    if (view.ok && view.value.clashes.length === 0 && !host.model.isEdited(appId)) continue;
    if (++planned % PLANS_A_TURN === 0) await pause(host.context.timers, 0, host.context.signal);
    const { planEdits } = await import('./plan-edits.ts');
    const plan = planEdits(host, appId);
    if (!plan.ok) stuck.push({ appId, appName: name, fault: plan.error as PendingView['stuck'][number]['fault'] });
    else if (plan.value && !confirmed.has(plan.value.view.planId)) plans.push(plan.value.view);
  }
  return { plans, stuck, intents: intents.map(toIntentView), refused: await listRefused(host) };
}

function toIntentView(intent: Intent): IntentView {
  const { name, lines, draft } = parseIntent(intent);
  return {
    id: intent.id,
    appId: intent.appId,
    appName: name,
    verb: draft.verb,
    createdAt: intent.createdAt,
    state: intent.state === 'clash' ? 'clash' : 'waiting',
    lines,
    fault: intent.state === 'clash' ? (clashOf(intent, name) as IntentView['fault']) : null,
  };
}

/** Why a confirmed change came back. */
export function clashOf(intent: Pick<Intent, 'fault'>, name: string): Fault {
  const refusal: unknown = intent.fault === null ? null : JSON.parse(intent.fault);
  if (isFault(refusal)) return refusal;
  return fault(
    'intent.clash',
    'conflict',
    `${name} was released by another device before this change could be signed`,
    'Your edit is kept: look at its plan against the newer release and confirm that.',
  );
}

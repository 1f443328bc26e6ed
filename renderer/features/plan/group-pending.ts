import { isConfirmable, isHarmless } from '#renderer/review/index.ts';
import type { IntentView, PendingView, PlanView } from '#shared/contracts/ipc/index.ts';

/** Everything of one app that waits: at most one plan, what keeps it from one, and what was confirmed already. */
export interface PendingGroup {
  readonly appId: string;
  readonly appName: string;
  readonly plan: PlanView | null;
  readonly stuck: PendingView['stuck'][number] | null;
  readonly intents: readonly IntentView[];
}

/** Groups what is pending by app: what needs a person first, then what can be confirmed, then what only waits. */
export function groupPending(pending: PendingView): PendingGroup[] {
  const groups = new Map<
    string,
    { -readonly [K in keyof PendingGroup]: PendingGroup[K] } & { intents: IntentView[] }
  >();
  const groupOf = ({ appId, appName }: { appId: string; appName: string }) => {
    const found = groups.get(appId) ?? { appId, appName, plan: null, stuck: null, intents: [] };
    groups.set(appId, found);
    return found;
  };
  for (const plan of pending.plans) groupOf(plan).plan = plan;
  for (const stuck of pending.stuck) groupOf(stuck).stuck = stuck;
  for (const intent of pending.intents) groupOf(intent).intents.push(intent);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || a.appName.localeCompare(b.appName));
}

/** Plans that one press may confirm. */
export function confirmableTogether(groups: readonly PendingGroup[]): PlanView[] {
  return groups.flatMap(({ plan }) => (plan !== null && isHarmless(plan) ? [plan] : []));
}

const signs = { add: '+', change: '~', remove: '−' } as const;

/** A plan's lines as one text, each with the sign of what it does. */
export function linesInShort(lines: PlanView['lines']): string {
  return lines.map(({ change, text }) => `${signs[change]} ${text}`).join(' · ');
}

function rank(group: PendingGroup): number {
  if (group.stuck !== null || group.intents.some((one) => one.state === 'clash')) return 0;
  if (group.plan !== null && !isConfirmable(group.plan)) return 1;
  return group.plan === null ? 3 : 2;
}

import type { ChangeSetVerb, Proposal } from '#shared/contracts/rest/index.ts';
import type { Plan, PlanLine } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DesiredState, Replica } from '#shared/replica/index.ts';
import { decideState, planState, writeState } from '../apps/change-state.ts';
import { findDeployedApp } from '../apps/deployed-app.ts';
import { editApp, findPresent } from '../apps/edit-app.ts';
import { appDocument, findApp } from '../apps/find-app.ts';
import { followAutomation } from '../apps/follow-automation.ts';
import { type PlanOptions, planApp } from '../apps/plan-app.ts';
import { draftApp, type PlannedApp, planBody } from '../apps/plan-body.ts';
import { chooseRollback, writeRollback } from '../apps/rollback.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { CatalogPort } from '../ports/catalog.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { ChangeDraft } from '../releases/sign-change.ts';
import { proposalToWish } from './proposal-wish.ts';

/** A line of the plan, and whether it stands there only because of the proposal. */
export interface ProposedLine {
  readonly line: PlanLine;
  readonly isProposed: boolean;
}

/** A proposal as a plan. Nothing is written before `accept`. */
export interface ProposedPlan {
  readonly proposal: Proposal;
  readonly planned: PlannedApp;
  /** PRO-6: what the proposal brings, and what waited before. */
  readonly lines: readonly ProposedLine[];
  /** Lets desired state follow what was shown and drafts the change. `proposal.moved` when that changed meanwhile. */
  accept(): Promise<Result<{ draft: ChangeDraft; planned: PlannedApp }>>;
}

interface ProposalContext extends DeviceContext {
  readonly catalog: CatalogPort;
  readonly chooseAddress: PlanOptions['chooseAddress'];
  /** Levels with the core, so that what others wrote meanwhile is seen before anything is signed. */
  readonly level: () => Promise<Result<void>>;
}

/** PRO-6: plans a proposal on a rehearsal of desired state, against the last signed release that this device verified. */
export async function planProposal(
  context: ProposalContext,
  fleet: Fleet,
  replica: Replica,
  proposal: Proposal,
): Promise<Result<ProposedPlan>> {
  if (proposal.state !== 'awaiting-signature') return err(notWaiting(proposal));
  switch (proposal.verb) {
    case 'create':
    case 'deploy':
      return planEdit(context, fleet, replica, proposal);
    default:
      return planOrder(context, fleet, replica, proposal);
  }
}

type Proposed<V extends Proposal['verb']> = Extract<Proposal, { verb: V }>;

async function planEdit(
  context: ProposalContext,
  fleet: Fleet,
  replica: Replica,
  proposal: Proposed<'create' | 'deploy'>,
): Promise<Result<ProposedPlan>> {
  const app = proposal.verb === 'create' ? proposal.content.changes.name : (proposal.appId ?? '');
  const present = findPresent(replica, app);
  if (!present.ok) return present;
  if (proposal.verb === 'create' && present.value) return err(nameTaken(app));
  if (proposal.verb === 'deploy' && !present.value) return findApp(replica, app) as Result<never>;
  const node = proposal.verb === 'create' ? proposal.content.changes.node : undefined;
  const wish = await proposalToWish(context, fleet, present.value, proposal.content.changes);
  if (!wish.ok) return wish;
  // One answer for rehearsal and edit: what was shown is what is written.
  let chosen: Promise<string | undefined> | undefined;
  const options: PlanOptions = {
    online: true,
    chooseAddress: (about) => {
      chosen ??= context.chooseAddress(about);
      return chosen;
    },
  };
  const plan = async (state: DesiredState): Promise<Result<PlannedApp>> => {
    const edited = await editApp(context, fleet, state, { app, node, wish: wish.value });
    return edited.ok ? planApp(context, fleet, state, edited.value, options) : edited;
  };
  const before = present.value
    ? await planApp(context, fleet, replica.rehearse(), present.value, { ...options, chooseAddress: noAddress })
    : undefined;
  if (before && !before.ok) return before;
  const seen = seenState(replica, present.value?.appId);
  const planned = await plan(replica.rehearse());
  if (!planned.ok) return planned;
  return ok({
    proposal,
    planned: planned.value,
    lines: markLines(planned.value.plan, before?.value.plan),
    async accept() {
      const ready = await checkReady(context, fleet, proposal);
      if (!ready.ok) return ready;
      if (seenState(replica, present.value?.appId) !== seen) return err(moved());
      const again = await plan(replica);
      if (!again.ok) return again;
      if (shownText(again.value.plan) !== shownText(planned.value.plan)) return err(moved());
      const followed = await followAutomation(replica, again.value.view.appId, again.value.base?.byAutomation);
      if (!followed.ok) return followed;
      return ok(drafted(again.value, 'deploy', proposal));
    },
  });
}

/** Asked before anything is written: what was declined meanwhile must leave no edit behind. */
async function checkReady(context: ProposalContext, fleet: Fleet, { id }: Proposal): Promise<Result<void>> {
  const level = await context.level();
  if (!level.ok) return level;
  const shown = await fleet.client.call('showProposal', { params: { id } });
  if (!shown.ok) return shown;
  return shown.value.state === 'awaiting-signature' ? ok() : err(notWaiting(shown.value));
}

async function planOrder(
  context: ProposalContext,
  fleet: Fleet,
  replica: Replica,
  proposal: Proposed<'stop' | 'start' | 'remove' | 'rollback'>,
): Promise<Result<ProposedPlan>> {
  const app = await findDeployedApp(context, fleet, replica, proposal.appId ?? '', true);
  if (!app.ok) return app;
  const planned = await planOf(context, fleet, app.value, proposal);
  if (!planned.ok) return planned;
  return ok({
    proposal,
    planned: planned.value,
    lines: planned.value.plan.lines.map((line) => ({ line, isProposed: true })),
    async accept() {
      const ready = await checkReady(context, fleet, proposal);
      if (!ready.ok) return ready;
      const write = proposal.verb === 'rollback' ? writeRollback : writeState;
      const written = await write(replica, planned.value);
      return written.ok ? ok(drafted(planned.value, proposal.verb, proposal)) : written;
    },
  });
}

async function planOf(
  context: ProposalContext,
  fleet: Fleet,
  app: Parameters<typeof planState>[2],
  proposal: Proposed<'stop' | 'start' | 'remove' | 'rollback'>,
): Promise<Result<PlannedApp>> {
  if (proposal.verb === 'rollback') {
    const target = await chooseRollback(fleet, app.view, proposal.content.changes.to);
    return target.ok ? planBody(context, fleet, app.view, target.value.body, true) : target;
  }
  // PRO-7: a proposal never asks for data to be deleted.
  const order = proposal.verb === 'remove' ? { verb: 'remove' as const, deleteVolumes: [] } : { verb: proposal.verb };
  const change = decideState(app, order);
  return change.ok ? planState(context, fleet, app, change.value, true) : change;
}

function drafted(planned: PlannedApp, verb: ChangeSetVerb, proposal: Proposal) {
  return { planned, draft: { ...draftApp(planned, verb), proposal: proposal.id } };
}

/** PRO-6: a line that would not stand in the plan without the proposal, word for word, is the proposal's. */
function markLines(plan: Plan, before: Plan | undefined): ProposedLine[] {
  const waiting = new Set(before?.lines.map(lineText));
  return plan.lines.map((line) => ({ line, isProposed: !waiting.has(lineText(line)) }));
}

function lineText({ subject, change, text }: PlanLine): string {
  return JSON.stringify([subject, change, text]);
}

/** A plan as a person reads it: ids of new items, and so their order, are drawn anew when it is made again. */
function shownText({ lines, downtime, byHand, blocked }: Plan): string {
  return JSON.stringify([lines.map(lineText).sort(), downtime.text, byHand, blocked.map(({ message }) => message)]);
}

function seenState(replica: Replica, appId: string | undefined): string {
  return JSON.stringify([replica.snapshot('fleet'), appId && replica.snapshot(appDocument(appId))]);
}

const noAddress: PlanOptions['chooseAddress'] = async () => undefined;

function notWaiting({ id, state }: Proposal) {
  return fault(
    'proposal.settled',
    'conflict',
    `the proposal ${id} is ${state}`,
    'See `overseer proposals list`; what is still wanted is proposed again.',
  );
}

function nameTaken(name: string) {
  const next = 'Decline the proposal; it must take another name, or ask to deploy that app.';
  return fault('app.name-taken', 'conflict', `there is an app "${name}" already`, next, { field: 'name' });
}

function moved() {
  return fault(
    'proposal.moved',
    'conflict',
    'the app was edited after this plan was shown',
    'Look at the proposal once more: its plan may be another one now.',
  );
}

import {
  type DeployedApp,
  decideState,
  draftApp,
  type Fleet,
  findDeployedApp,
  levelWithCore,
  planProblem,
  planState,
  type StateOrder,
  urlsOf,
  writeState,
} from '#shared/device/index.ts';
import { type Fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { CliContext, Done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, printPlan } from '../releases/show-plan.ts';

/** A deployed app, the replica it was read from, and why the core is away, if it is. */
export interface OpenedApp extends DeployedApp {
  readonly replica: Replica;
  readonly offline: Fault | undefined;
}

/** Levels with the core and finds an app that was deployed before. */
export async function openDeployedApp(context: CliContext, fleet: Fleet, wanted: string): Promise<Result<OpenedApp>> {
  const level = await levelWithCore(context, fleet);
  if (!level.ok) return level;
  const { replica, offline } = level.value;
  const app = await findDeployedApp(context, fleet, replica, wanted, offline === undefined);
  return app.ok ? ok({ ...app.value, replica, offline }) : app;
}

/** Orders a new state for an app: shows the plan, asks, lets desired state follow and delivers. */
export async function orderState(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  app: OpenedApp,
  about: { order: StateOrder; question: string; success: string },
): Promise<Result<Done>> {
  const { view, replica, offline } = app;
  const change = decideState(app, about.order);
  if (!change.ok) return change;
  const planned = await planState(context, fleet, app, change.value, offline === undefined);
  if (!planned.ok) return planned;
  const { plan, node, body } = planned.value;
  printPlan(context.out, `Plan for ${view.name} on ${node.name}`, plan);
  const fine = planProblem(plan);
  if (!fine.ok) return fine;
  const confirmed = await confirmPlan(context, input, about.question);
  if (!confirmed.ok) return confirmed;
  const edited = await writeState(replica, planned.value);
  if (!edited.ok) return edited;
  return deliverChange(context, fleet, input, {
    draft: draftApp(planned.value, about.order.verb),
    lines: plan.lines.map(({ text }) => text),
    offline,
    finish: {
      name: view.name,
      urls: body.state === 'running' ? urlsOf(replica, node, body) : [],
      success: about.success,
    },
  });
}

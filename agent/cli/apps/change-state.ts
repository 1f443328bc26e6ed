import {
  type ChangeDraft,
  type Fleet,
  levelWithCore,
  readBase,
  readBody,
  readChain,
  readLocalBase,
} from '#shared/device/index.ts';
import type { AppBody, AppView, ReleaseBody } from '#shared/domain/apps/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { CliContext, Done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, planProblem, printPlan } from '../releases/show-plan.ts';
import { appDocument, findApp } from './find-app.ts';
import { draftApp, planBody, urlsOf } from './plan-app.ts';

/** An app with its last signed release, ready for an order that changes nothing but its state. */
export interface DeployedApp {
  readonly view: AppView;
  readonly replica: Replica;
  readonly body: AppBody;
  readonly offline: Fault | undefined;
}

/** Finds an app that was deployed before. */
export async function openDeployedApp(context: CliContext, fleet: Fleet, wanted: string): Promise<Result<DeployedApp>> {
  const level = await levelWithCore(context, fleet);
  if (!level.ok) return level;
  const { replica, offline } = level.value;
  const view = findApp(replica, wanted);
  if (!view.ok) return view;
  const { appId, node } = view.value;
  const body = offline ? await readLocalBody(fleet, appId, node) : await readGoodBody(context, fleet, appId, node);
  if (!body.ok) return body;
  if (body.value?.kind !== 'app') return err(neverDeployed(view.value.name));
  return ok({ view: view.value, replica, body: body.value, offline });
}

async function readLocalBody(
  fleet: Fleet,
  appId: string,
  node: string | null,
): Promise<Result<ReleaseBody | undefined>> {
  const base = node === null ? ok(null) : await readLocalBase(fleet, appId, node);
  return base.ok ? ok(base.value?.body) : base;
}

/**
 * What the node runs, where that is a signed release, else the last one: a release that failed and gave way must not
 * come back by a stop and a start.
 */
async function readGoodBody(
  context: CliContext,
  fleet: Fleet,
  appId: string,
  node: string | null,
): Promise<Result<ReleaseBody | undefined>> {
  if (node === null) return ok(undefined);
  const base = await readBase(fleet, context.clock, appId, node);
  if (!base.ok) return base;
  const shown = await fleet.client.call('showApp', { params: { id: appId } });
  const running = shown.ok ? shown.value.observed?.running?.header : undefined;
  if (running === undefined || running === base.value?.header) return ok(base.value?.body);
  const chain = await readChain(fleet, appId, node);
  if (!chain.ok) return chain;
  const link = chain.value.find(({ opened }) => opened.itemHash === running);
  if (!link) return ok(base.value?.body);
  const body = await readBody(fleet, link);
  return body.ok ? ok(body.value.body) : body;
}

/**
 * Orders a new state for an app: the body of its good release with only that changed, so that edits nobody
 * has planned yet do not slip in. Desired state follows.
 */
export async function changeState(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  app: DeployedApp,
  about: { verb: ChangeDraft['verb']; change: Partial<AppBody>; question: string; success: string },
): Promise<Result<Done>> {
  const { view, replica, offline } = app;
  const body: AppBody = { ...app.body, deleteVolumes: [], ...about.change };
  const planned = await planBody(context, fleet, view, body, offline === undefined);
  if (!planned.ok) return planned;
  const { plan, node } = planned.value;
  printPlan(context.out, `Plan for ${view.name} on ${node.name}`, plan);
  const fine = planProblem(plan);
  if (!fine.ok) return fine;
  const confirmed = await confirmPlan(context, input, about.question);
  if (!confirmed.ok) return confirmed;
  const edited = await replica.edit(appDocument(view.appId), (editor) => editor.set('state', body.state));
  if (!edited.ok) return edited;
  return deliverChange(context, fleet, input, {
    draft: draftApp(planned.value, about.verb),
    lines: plan.lines.map(({ text }) => text),
    offline,
    finish: {
      name: view.name,
      urls: body.state === 'running' ? urlsOf(replica, node, body) : [],
      success: about.success,
    },
  });
}

function neverDeployed(name: string) {
  return fault(
    'app.never-deployed',
    'permanent',
    `${name} was never deployed`,
    `Run \`overseer apps deploy ${name}\` first.`,
  );
}

import type { CallOutput, PlanView } from '#shared/contracts/ipc/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { isTextReference } from '#shared/replica/index.ts';
import { listVolumes } from '../../apps/app-volumes.ts';
import { decideState, planState, type StateOrder, writeState } from '../../apps/change-state.ts';
import { type DeployedApp, findDeployedApp } from '../../apps/deployed-app.ts';
import { appDocument } from '../../apps/find-app.ts';
import { type PlannedApp, planBody } from '../../apps/plan-body.ts';
import { revertApp } from '../../apps/revert-app.ts';
import { chooseRollback, writeRollback } from '../../apps/rollback.ts';
import type { FleetHost } from '../fleet-host.ts';
import { confirmPlan } from '../plans/confirm-plan.ts';
import { toLivePlan } from '../plans/to-live-plan.ts';
import { asNothing, type FleetCalls, needsCore, type ParsedInput } from './fleet-call.ts';

/** Confirmations under way: a second click on the same plan waits for the first. */
const underWay = new WeakMap<FleetHost, Map<string, Promise<Result<CallOutput<'confirmPlan'>>>>>();

/** Plans, orders and what is confirmed. */
export const planCalls: FleetCalls<
  'planOrder' | 'readPlan' | 'confirmPlan' | 'revertEdits' | 'readClashes' | 'settleClash'
> = {
  async planOrder(host, input) {
    await host.views.flush(appDocument(input.appId));
    return input.verb === 'rollback' ? planRollback(host, input) : planStateOrder(host, input);
  },
  async readPlan(host, { planId }) {
    const plan = host.plans.find(planId);
    return plan.ok ? ok(plan.value.view) : plan;
  },
  confirmPlan(host, { planId }) {
    const all = underWay.get(host) ?? new Map<string, Promise<Result<CallOutput<'confirmPlan'>>>>();
    underWay.set(host, all);
    const one = all.get(planId) ?? confirmPlan(host, planId).finally(() => all.delete(planId));
    all.set(planId, one);
    return one;
  },
  async revertEdits(host, { appId }) {
    const { model, replica } = host;
    await host.views.flush(appDocument(appId));
    const view = model.view(appId);
    if (!view.ok) return view;
    const body = model.base(appId)?.body;
    if (body?.kind !== 'app') return err(neverSigned(view.value.name));
    return asNothing(await revertApp(replica, view.value, model.index(), body));
  },
  async readClashes(host, { appId }) {
    const { replica, fleet } = host;
    const doc = appDocument(appId);
    const name = (keyId: string) => fleet.trust().devices.get(keyId)?.name ?? keyId;
    return ok({
      clashes: (replica.snapshot(doc)?.clashes ?? []).map(({ field, entries }) => ({
        field,
        entries: entries.map(({ id, author, at, value }) => ({
          id,
          author: name(author),
          at,
          text: isTextReference(value) ? replica.text(doc, value.text) : toText(value),
        })),
      })),
    });
  },
  async settleClash(host, { appId, field, entryId }) {
    const doc = appDocument(appId);
    await host.views.flush(doc);
    const clash = host.replica.snapshot(doc)?.clashes.find((one) => one.field === field);
    const chosen = clash?.entries.find(({ id }) => id === entryId)?.value;
    if (chosen === undefined) return err(noClash());
    return asNothing(
      await host.replica.edit(doc, (editor) => {
        if (isTextReference(chosen)) editor.setText(field, host.replica.text(doc, chosen.text));
        else editor.set(field, chosen);
      }),
    );
  },
};

async function planRollback(host: FleetHost, input: ParsedInput<'planOrder'>): Promise<Result<PlanView>> {
  const online = needsCore(host);
  if (!online.ok) return online;
  const view = host.model.view(input.appId);
  if (!view.ok) return view;
  const target = await chooseRollback(host.fleet, view.value, input.number);
  if (!target.ok) return target;
  const planned = await planBody(host.context, host.fleet, view.value, target.value.body, true);
  if (!planned.ok) return planned;
  const command = `overseer apps rollback ${view.value.name} --to ${target.value.number}`;
  return toOrder(host, planned.value, 'rollback', command, () => writeRollback(host.replica, planned.value));
}

async function planStateOrder(host: FleetHost, input: ParsedInput<'planOrder'>): Promise<Result<PlanView>> {
  const { context, fleet, replica } = host;
  const online = host.isOnline();
  const app = await findDeployedApp(context, fleet, replica, input.appId, online);
  if (!app.ok) return app;
  const order = await readOrder(host, app.value, input);
  if (!order.ok) return order;
  const change = decideState(app.value, order.value);
  if (!change.ok) return change;
  const planned = await planState(context, fleet, app.value, change.value, online);
  if (!planned.ok) return planned;
  const { name } = app.value.view;
  const data = order.value.verb === 'remove' && order.value.deleteVolumes.length > 0 ? ' --delete-data' : '';
  const command = `overseer apps ${order.value.verb} ${name}${data}`;
  return toOrder(host, planned.value, order.value.verb, command, () => writeState(replica, planned.value));
}

/** P4: data goes only where its app was named. */
async function readOrder(
  host: FleetHost,
  app: DeployedApp,
  { verb, deleteData }: ParsedInput<'planOrder'>,
): Promise<Result<StateOrder>> {
  if (verb === 'stop' || verb === 'start') return ok({ verb });
  if (!deleteData) return ok({ verb: 'remove', deleteVolumes: [] });
  if (deleteData.confirmName !== app.view.name) return err(wrongName(deleteData.confirmName, app.view.name));
  const online = needsCore(host);
  if (!online.ok) return online;
  const volumes = await listVolumes(host.context, host.fleet, app);
  return volumes.ok ? ok({ verb: 'remove', deleteVolumes: volumes.value.all }) : volumes;
}

async function toOrder(
  host: FleetHost,
  planned: PlannedApp,
  verb: 'stop' | 'start' | 'remove' | 'rollback',
  ownerCommand: string,
  follow: () => Promise<Result<void>>,
): Promise<Result<PlanView>> {
  const { view, node, base, body, plan } = planned;
  await host.model.reloadBase(view.appId);
  const parts = { verb, appId: view.appId, name: view.name, node, base, body, plan, ownerCommand, follow };
  return ok(toLivePlan(host, { ...parts, ownerCopies: view.secrets.map(({ ownerCopy }) => ownerCopy) }).view);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function neverSigned(name: string) {
  return fault('app.never-deployed', 'permanent', `${name} was never signed`, 'Throw the draft away instead.');
}

function noClash() {
  return fault('app.clash', 'conflict', 'that clash is settled already', 'Look at the value as it is now.');
}

function wrongName(given: string, name: string) {
  return fault(
    'plan.wrong-name',
    'permanent',
    `"${given}" is not "${name}"`,
    `Type ${name} to delete its data for ever.`,
    { field: 'deleteData.confirmName' },
  );
}

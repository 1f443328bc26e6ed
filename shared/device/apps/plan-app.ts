import { type AppBody, type AppView, appToBody, type FleetView, followLines } from '#shared/domain/apps/index.ts';
import { decideOpened, judgeCompose } from '#shared/domain/policies/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DesiredState } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { openingsOf } from '../settings/openings.ts';
import { detectAddress } from './detect-address.ts';
import { appDocument, readAppView, readFleetView } from './find-app.ts';
import { type PlannedApp, planBody } from './plan-body.ts';
import { writeItem } from './write-item.ts';

export interface PlanOptions {
  /** Whether the core can be asked. */
  readonly online: boolean;
  /** The address that a name should point at, where neither ingress nor route says one; `detected` is the node's own. */
  readonly chooseAddress: (about: { hostname: string; detected: string | undefined }) => Promise<string | undefined>;
}

/**
 * Plans an app as desired state has it, with what automation has deployed, against its last signed release. A route whose record has nothing to point at is
 * given an address first, which is an edit. What would be refused later stands in `plan.blocked`.
 */
export async function planApp(
  context: DeviceContext,
  fleet: Fleet,
  replica: DesiredState,
  app: AppView,
  options: PlanOptions,
): Promise<Result<PlannedApp>> {
  if (app.clashes.length > 0) return err(clashes(app));
  const view = await giveAddresses(context, fleet, replica, app, options);
  if (!view.ok) return view;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const planned = await planView(context, fleet, view.value, index.value, options);
  const lines = planned.ok ? planned.value.base?.byAutomation : undefined;
  if (!lines) return planned;
  return planView(context, fleet, followLines(view.value, lines), index.value, options);
}

async function planView(
  context: DeviceContext,
  fleet: Fleet,
  view: AppView,
  index: FleetView,
  options: PlanOptions,
): Promise<Result<PlannedApp>> {
  const body = appToBody(view, index);
  if (!body.ok) return body;
  const planned = await planBody(context, fleet, view, body.value, options.online);
  if (!planned.ok) return planned;
  const { plan, node } = planned.value;
  const blocked = [
    ...plan.blocked,
    ...gateProblems(body.value),
    ...openingProblems(body.value, index, node),
    ...routeProblems(body.value, index, node),
  ];
  return ok({ ...planned.value, plan: { ...plan, blocked } });
}

/** What the node's first gate would refuse: better said with line and column before anything is signed. */
export function gateProblems(body: AppBody): Fault[] {
  const judged = judgeCompose(body.compose, {
    files: body.files.map(({ path }) => path),
    secrets: body.secrets.map(({ name }) => name),
    exceptions: body.exceptions,
  });
  return judged.ok ? [] : [judged.error];
}

/** Openings that an exception names and that are closed on the node: better said with the command that opens them. */
export function openingProblems(body: AppBody, index: FleetView, { nodeId, name }: NodeIdentity): Fault[] {
  const open = decideOpened(body.state === 'running' ? body.exceptions : [], openingsOf(index, nodeId), name);
  return open.ok ? [] : [open.error];
}

/** Routes that nothing would serve: better said before anything is signed than by a node that waits for an ingress. */
export function routeProblems(body: AppBody, index: FleetView, node: NodeIdentity): Fault[] {
  if (body.routes.length === 0) return [];
  const ingress = index.ingresses.find((item) => item.node === node.nodeId);
  const field = { field: 'host' };
  if (!ingress) {
    const next = `Run \`overseer ingress enable --node ${node.name}\` first.`;
    return [
      fault('ingress.absent', 'permanent', `no ingress runs on ${node.name}, so no name can lead to it`, next, field),
    ];
  }
  const secure = body.routes.find(({ tls }) => tls === 'acme');
  if (!secure || ingress.acme !== null) return [];
  const text = `the ingress on ${node.name} has no certificate authority for ${secure.hostname}`;
  const next = 'Give the ingress an email address for certificates, or turn TLS off for plain HTTP.';
  return [fault('route.no-acme', 'permanent', text, next, field)];
}

/** Each route whose record has nothing to point at gets the address that the person or the node names. */
async function giveAddresses(
  context: DeviceContext,
  fleet: Fleet,
  replica: DesiredState,
  view: AppView,
  { online, chooseAddress }: PlanOptions,
): Promise<Result<AppView>> {
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const known = index.value.ingresses.find(({ node }) => node === view.node)?.publicAddresses[0];
  const without = view.routes.filter((route) => route.dns !== 'off' && route.address === null);
  if (known !== undefined || without.length === 0) return ok(view);
  const detected = online && view.node !== null ? await detectAddress(context, fleet, view.node) : undefined;
  const address = await chooseAddress({ hostname: without[0]?.hostname ?? view.name, detected });
  if (address === undefined) return ok(view);
  const edited = await replica.edit(appDocument(view.appId), (editor) => {
    for (const route of without) writeItem(editor, 'routes', route.id, { address });
  });
  return edited.ok ? readAppView(replica, view.appId) : edited;
}

function clashes(view: AppView) {
  return fault(
    'app.clash',
    'conflict',
    `${view.name} was edited in two places at once: ${view.clashes.join(', ')}`,
    'Set those values again with `overseer apps plan`; what you set then counts.',
  );
}

import {
  type ChangeDraft,
  draftChange,
  type Fleet,
  findNode,
  readBase,
  readLocalBase,
  type SignedRelease,
} from '#shared/device/index.ts';
import {
  type AppBody,
  type AppView,
  appToBody,
  type FleetView,
  type Plan,
  planRelease,
  type ReleaseBody,
} from '#shared/domain/apps/index.ts';
import { judgeCompose } from '#shared/domain/policies/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import type { CliContext } from '../context.ts';
import { askLine } from '../device/ask.ts';
import type { VerbInput } from '../options.ts';
import { detectAddress } from './detect-address.ts';
import { editApp, writeItem } from './edit-app.ts';
import { appDocument, readAppView, readFleetView } from './find-app.ts';

/** What a deploy would do. */
export interface PlannedApp {
  readonly view: AppView;
  readonly node: NodeIdentity;
  readonly body: AppBody;
  readonly base: SignedRelease | null;
  readonly plan: Plan;
}

/** Keeps the edit that the options say, and plans the app against its last signed release. */
export async function planApp(
  context: CliContext,
  fleet: Fleet,
  replica: Replica,
  input: VerbInput,
  online: boolean,
): Promise<Result<PlannedApp>> {
  const edited = await editApp(context, fleet, replica, input);
  if (!edited.ok) return edited;
  if (edited.value.clashes.length > 0) return err(clashes(edited.value));
  const view = await giveAddresses(context, fleet, replica, edited.value, online);
  if (!view.ok) return view;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const body = appToBody(view.value, index.value);
  if (!body.ok) return body;
  const planned = await planBody(context, fleet, view.value, body.value, online);
  if (!planned.ok) return planned;
  const { plan, node } = planned.value;
  const blocked = [...plan.blocked, ...gateProblems(body.value), ...routeProblems(body.value, index.value, node)];
  return ok({ ...planned.value, plan: { ...plan, blocked } });
}

/** What the node's first gate would refuse: better said with line and column before anything is signed. */
function gateProblems(body: AppBody): Fault[] {
  const judged = judgeCompose(body.compose, {
    files: body.files.map(({ path }) => path),
    secrets: body.secrets.map(({ name }) => name),
    exceptions: body.exceptions,
  });
  return judged.ok ? [] : [judged.error];
}

/** Routes that nothing would serve: better said before anything is signed than by a node that waits for an ingress. */
function routeProblems(body: AppBody, index: FleetView, node: NodeIdentity): Fault[] {
  if (body.routes.length === 0) return [];
  const ingress = index.ingresses.find((item) => item.node === node.nodeId);
  const field = { field: '--host' };
  if (!ingress) {
    const next = `Run \`overseer ingress enable --node ${node.name}\` first.`;
    return [
      fault('ingress.absent', 'permanent', `no ingress runs on ${node.name}, so no name can lead to it`, next, field),
    ];
  }
  const secure = body.routes.find(({ tls }) => tls === 'acme');
  if (!secure || ingress.acme !== null) return [];
  const text = `the ingress on ${node.name} has no certificate authority for ${secure.hostname}`;
  const next = 'Give `overseer ingress enable` an --email, or --tls off for plain HTTP.';
  return [fault('route.no-acme', 'permanent', text, next, field)];
}

/** Plans a given body of an app: what rollback, stop, start and remove do. */
export async function planBody(
  context: CliContext,
  fleet: Fleet,
  view: AppView,
  body: AppBody,
  online: boolean,
): Promise<Result<PlannedApp>> {
  const node = findNode(fleet.trust(), view.node ?? undefined);
  if (!node.ok) return node;
  const { nodeId } = node.value;
  const base = online
    ? await readBase(fleet, context.clock, view.appId, nodeId)
    : await readLocalBase(fleet, view.appId, nodeId);
  if (!base.ok) return base;
  const plan = planRelease({ previous: base.value?.body ?? null, next: body });
  return ok({ view, node: node.value, body, base: base.value, plan });
}

/** The draft of a planned app. */
export function draftApp(planned: PlannedApp, verb: ChangeDraft['verb']): ChangeDraft {
  const { view, node, base, plan } = planned;
  const ownerCopies = view.secrets.map(({ ownerCopy }) => ownerCopy);
  return draftChange({ verb, appId: view.appId, node: node.nodeId, base, plan, body: planned.body, ownerCopies });
}

/** Whether the last signed release asks for exactly this body. */
export function isSameBody(base: SignedRelease | null, body: ReleaseBody): boolean {
  return base !== null && JSON.stringify(base.body) === JSON.stringify(body);
}

/** Addresses that answer when the app runs, with the ports of its node's ingress where they are not the usual ones. */
export function urlsOf(replica: Replica, node: NodeIdentity, body: AppBody): string[] {
  const index = readFleetView(replica);
  const ingress = index.ok ? index.value.ingresses.find((item) => item.node === node.nodeId) : undefined;
  return body.routes.map(({ hostname, tls }) => {
    const isSecure = tls === 'acme';
    const port = isSecure ? (ingress?.httpsPort ?? 443) : (ingress?.httpPort ?? 80);
    return `${isSecure ? 'https' : 'http'}://${hostname}${port === (isSecure ? 443 : 80) ? '' : `:${port}`}`;
  });
}

/** Each route whose record has nothing to point at gets the address that the person or the node names. */
async function giveAddresses(
  context: CliContext,
  fleet: Fleet,
  replica: Replica,
  view: AppView,
  online: boolean,
): Promise<Result<AppView>> {
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const known = index.value.ingresses.find(({ node }) => node === view.node)?.publicAddresses[0];
  const without = view.routes.filter((route) => route.dns !== 'off' && route.address === null);
  if (known !== undefined || without.length === 0) return ok(view);
  const detected = online && view.node !== null ? await detectAddress(context, fleet, view.node) : undefined;
  const address = await chooseAddress(context, without[0]?.hostname ?? view.name, detected);
  if (address === undefined) return ok(view);
  const edited = await replica.edit(appDocument(view.appId), (editor) => {
    for (const route of without) writeItem(editor, 'routes', route.id, { address });
  });
  return edited.ok ? readAppView(replica, view.appId) : edited;
}

async function chooseAddress(
  context: CliContext,
  hostname: string,
  detected: string | undefined,
): Promise<string | undefined> {
  if (!context.canAsk) {
    if (detected !== undefined)
      context.out.note(`The node's own address ${detected} is used; --address gives another.`);
    return detected;
  }
  const hint = detected === undefined ? '' : ` [${detected}]`;
  const answer = await askLine(context.terminal, `Address that ${hostname} should point at${hint}: `);
  return answer?.trim() || detected;
}

function clashes(view: AppView) {
  return fault(
    'app.clash',
    'conflict',
    `${view.name} was edited in two places at once: ${view.clashes.join(', ')}`,
    'Set those values again with `overseer apps plan`; what you set then counts.',
  );
}

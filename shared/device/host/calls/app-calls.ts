import type { CallOutput, PlanView } from '#shared/contracts/ipc/index.ts';
import { type AppBody, type AppView, parseComposeOutline, type SecretUse } from '#shared/domain/apps/index.ts';
import {
  decideOpeningPath,
  findInCompose,
  openCommand,
  openedValues,
  POLICY_RULES,
} from '#shared/domain/policies/index.ts';
import { err, fault, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import type { AppWish, SecretWish } from '../../apps/app-wish.ts';
import { editApp } from '../../apps/edit-app.ts';
import { planApp } from '../../apps/plan-app.ts';
import { type SourceWish, wishFromCatalog, wishFromCompose, withSecrets } from '../../apps/source-wish.ts';
import { runCommand } from '../../fleet/run-command.ts';
import { readBody, readChain } from '../../releases/release-chain.ts';
import { openingsOf } from '../../settings/openings.ts';
import type { FleetHost } from '../fleet-host.ts';
import { planEdits } from '../plans/plan-edits.ts';
import { asNothing, type FleetCalls, needsCore, type ParsedInput } from './fleet-call.ts';

/** New apps, and what is read of one. */
export const appCalls: FleetCalls<'createApp' | 'discardDraft' | 'restartApp' | 'readRelease' | 'judgeCompose'> = {
  async createApp(host, input) {
    const { context, fleet, replica, model } = host;
    if (model.index().apps.some(({ name }) => name === input.name)) return err(nameTaken(input.name));
    const wish = await readWish(host, input);
    if (!wish.ok) return wish;
    const made = await editApp(context, fleet, replica, { app: input.name, node: input.nodeId, wish: wish.value });
    if (!made.ok) return made;
    const { appId } = made.value;
    const plan = await planDraft(host, made.value);
    if (plan.ok) return ok({ appId, plan: plan.value });
    // The form is still before the person: with the draft left behind, its name would be taken at the next try.
    const dropped = await dropDraft(host, appId);
    return dropped.ok ? plan : dropped;
  },
  async discardDraft(host, { appId }) {
    const { model } = host;
    if (model.base(appId) !== null || model.lastJob(appId)) return err(wasSigned());
    return asNothing(await dropDraft(host, appId));
  },
  async restartApp(host, { appId, service }) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const view = host.model.view(appId);
    if (!view.ok) return view;
    const args = { appId, ...(service === undefined ? {} : { service }) };
    return asNothing(
      await runCommand(host.context, host.fleet, { node: view.value.node ?? '', verb: 'restart', args }),
    );
  },
  async readRelease(host, { appId, number }) {
    if (number === 0) {
      const view = host.model.view(appId);
      return view.ok ? ok(toEdited(view.value)) : view;
    }
    const base = host.model.base(appId);
    if (base?.number === number && base.body.kind === 'app') return ok(toRelease(number, base.body));
    const node = host.model.find(appId)?.node ?? '';
    const online = needsCore(host);
    if (!online.ok) return online;
    const chain = await readChain(host.fleet, appId, node);
    if (!chain.ok) return chain;
    const link = chain.value.find(({ opened }) => opened.payload.number === number);
    if (!link) return err(noSuchRelease(number));
    const body = await readBody(host.fleet, link);
    if (!body.ok) return body;
    return body.value.body.kind === 'app' ? ok(toRelease(number, body.value.body)) : err(noSuchRelease(number));
  },
  async judgeCompose(host, { appId, compose, secrets }) {
    const view = appId === undefined ? undefined : host.model.view(appId);
    const app = view?.ok ? view.value : undefined;
    const outline = parseComposeOutline(compose);
    const services = outline.ok ? outline.value.services.map(({ name }) => name) : [];
    const found = findInCompose(compose, {
      files: app?.files.map(({ path }) => path) ?? [],
      secrets: [...secrets, ...(app?.secrets.map(({ name }) => name) ?? [])],
      exceptions: app?.exceptions ?? [],
    });
    if (!found.ok) return ok({ services, findings: [toShapeFinding(found.error)] });
    const findings = found.value.map(({ rule, path, line, column, service, value }) => {
      const { title, reason, mend, exception } = POLICY_RULES[rule];
      return {
        line,
        column,
        severity: 'guardrail' as const,
        rule,
        message: `${title} (${path}): ${reason}`,
        next: mend,
        ...offerOf(host, app?.node ?? null, { rule, service, value }, exception !== null),
      };
    });
    const shape = outline.ok ? [] : findings.length > 0 ? [] : [toShapeFinding(outline.error)];
    const imageless = outline.ok ? outline.value.services.filter(({ image }) => image === null) : [];
    return ok({ services, findings: [...shape, ...imageless.map(({ name }) => noImage(compose, name)), ...findings] });
  },
};

async function planDraft(host: FleetHost, app: AppView): Promise<Result<PlanView>> {
  const { context, fleet, replica } = host;
  // Planned once by asking the node for its address, which is an edit; what is shown is planned from what stands then.
  const chooseAddress = async ({ detected }: { detected: string | undefined }) => detected;
  const planned = await planApp(context, fleet, replica, app, { online: host.isOnline(), chooseAddress });
  // A core that goes away meanwhile takes nothing from a plan that is made here.
  if (!planned.ok && planned.error.kind !== 'transient') return planned;
  const plan = planEdits(host, app.appId);
  if (!plan.ok) return plan;
  return plan.value ? ok(plan.value.view) : err(nothingToSign(app.name));
}

async function dropDraft({ model, replica }: FleetHost, appId: string): Promise<Result<void>> {
  const entry = model.index().apps.find((app) => app.appId === appId);
  return entry ? replica.edit('fleet', (editor) => editor.removeItem('apps', entry.id)) : ok();
}

/**
 * How the finding could be allowed: by the name of what is open on the app's node, else by its path, with the command
 * that an owner can open it with first.
 */
function offerOf(
  { model }: FleetHost,
  node: string | null,
  aside: Judged['exception'] & object,
  isPossible: boolean,
): Pick<Judged, 'exception' | 'command'> {
  if (!isPossible) return { exception: null };
  const { rule, service, value } = aside;
  const [opened] = openedValues(openingsOf(model.index(), node), rule, value);
  if (opened !== undefined) return { exception: { rule, service, value: opened } };
  const path = value.split(':')[0] ?? '';
  const what = rule === 'device' ? 'device' : rule === 'host-folder' ? 'folder' : undefined;
  if (node === null || what === undefined || !decideOpeningPath(what, path).ok) return { exception: aside };
  const readOnly = what === 'folder' && value.endsWith(':ro');
  const command = openCommand({ name: nameOf(path), what, path, readOnly }, model.nodeName(node));
  return { exception: aside, command };
}

/** A name for what lies at a path, to begin with: its last part. */
function nameOf(path: string): string {
  const name =
    path
      .split('/')
      .at(-1)
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 32) ?? '';
  return name.replaceAll(/^-+|-+$/g, '') || 'media';
}

type Judged = CallOutput<'judgeCompose'>['findings'][number];

function toShapeFinding(why: {
  message: string;
  next: string;
  detail?: Readonly<Record<string, string>> | undefined;
}): Judged {
  const at = /line (\d+), column (\d+)/.exec(why.message);
  const line = Number(why.detail?.line ?? at?.[1] ?? Number.NaN);
  const column = Number(why.detail?.column ?? at?.[2] ?? Number.NaN);
  return {
    line: line > 0 ? line : null,
    column: column > 0 ? column : null,
    severity: 'error',
    rule: null,
    message: why.message,
    next: why.next,
    exception: null,
  };
}

function noImage(compose: string, service: string): Judged {
  const lines = compose.split('\n');
  const line =
    lines.findIndex((text) => new RegExp(`^\\s+["']?${service.replaceAll('.', '\\.')}["']?\\s*:`).test(text)) + 1;
  return {
    line: line > 0 ? line : null,
    column: line > 0 ? (lines[line - 1]?.search(/\S/) ?? 0) + 1 : null,
    severity: 'error',
    rule: null,
    message: `service ${service} has no image`,
    next: 'Overseer runs images; name one, it does not build.',
    exception: null,
  };
}

/** What the wizard gave, as a wish. */
async function readWish(host: FleetHost, input: ParsedInput<'createApp'>): Promise<Result<AppWish>> {
  const source = await readSource(host, input);
  if (!source.ok) return source;
  const given = new Map<string, SecretWish>(
    input.secrets.map(({ name, value, uses }) => [
      name,
      { value: utf8(value), uses: uses.length > 0 ? (uses as SecretUse[]) : undefined },
    ]),
  );
  const sourced = withSecrets(source.value, given);
  const wish: AppWish = {
    ...sourced,
    env: new Map([...sourced.env, ...Object.entries(input.env)]),
    exceptions: [...sourced.exceptions, ...input.exceptions],
  };
  const { route } = input;
  if (!route) return ok(wish);
  return ok({
    ...wish,
    route: {
      hostname: route.hostname.toLowerCase().replace(/\.$/, ''),
      service: route.service ?? wish.route?.service,
      port: route.port ?? wish.route?.port,
      scheme: wish.route?.scheme,
      address: route.address,
      dns: route.dns,
      tls: route.tls,
    },
  });
}

async function readSource(host: FleetHost, { source, route }: ParsedInput<'createApp'>): Promise<Result<SourceWish>> {
  if (source.kind === 'compose') return wishFromCompose(source.compose);
  const entry = await host.ports.catalog.read(source.id);
  if (!entry.ok) return entry;
  const choice = { inputs: source.inputs, hostname: route?.hostname, secretValues: new Map<string, string>() };
  return wishFromCatalog(entry.value, choice, host.context.random);
}

function toEdited(view: AppView): CallOutput<'readRelease'> {
  const env = Object.fromEntries(view.env.map(({ key, value }) => [key, value]));
  return { number: 0, compose: view.compose, env, text: textOf(view.compose, env, view.routes) };
}

function toRelease(number: number, body: AppBody): CallOutput<'readRelease'> {
  return { number, compose: body.compose, env: { ...body.env }, text: textOf(body.compose, body.env, body.routes) };
}

/** Everything of a release that is text, in one order, so that two of them can be compared line by line. */
function textOf(
  compose: string,
  env: Readonly<Record<string, string>>,
  routes: readonly { hostname: string; service: string; port: number }[],
): string {
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = routes.map(({ hostname, service, port }) => `# route ${hostname} to ${service}:${port}`).sort();
  return [...names, ...variables.map(([key, value]) => `# ${key}=${value.replaceAll('\n', '\\n')}`), compose].join(
    '\n',
  );
}

function nameTaken(name: string) {
  return fault('app.name-taken', 'conflict', `there is an app "${name}" already`, 'Take another name.', {
    field: 'name',
  });
}

function nothingToSign(name: string) {
  return fault('plan.changed', 'conflict', `${name} has nothing to sign`, 'Look at the app as it is now.');
}

function wasSigned() {
  return fault(
    'app.was-signed',
    'conflict',
    'this app was released, so it can not be thrown away like a draft',
    'Remove it instead.',
  );
}

function noSuchRelease(number: number) {
  return fault('release.unknown', 'permanent', `there is no release ${number}`, 'Choose one of the list.', {
    field: 'number',
  });
}

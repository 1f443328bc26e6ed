import { type ChainLink, type Fleet, readBody, readChain } from '#shared/device/index.ts';
import type { AppBody, AppView } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DocumentEditor } from '#shared/replica/index.ts';
import { openDeployedApp } from '../apps/change-state.ts';
import { toJson, writeItem } from '../apps/edit-app.ts';
import { appDocument } from '../apps/find-app.ts';
import { draftApp, planBody, urlsOf } from '../apps/plan-app.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { numberOption, type VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, planProblem, printPlan } from '../releases/show-plan.ts';

/** Goes back to an earlier release: its body under a new number, and desired state with it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const to = numberOption(input, 'to', '--to', 1, Number.MAX_SAFE_INTEGER);
    if (!to.ok) return to;
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { view, replica, offline } = app.value;
    if (offline) return err(offline);
    const target = await chooseTarget(fleet, view, to.value);
    if (!target.ok) return target;
    const { number, body } = target.value;
    const planned = await planBody(context, fleet, view, body, true);
    if (!planned.ok) return planned;
    const { plan, node } = planned.value;
    printPlan(context.out, `Back to release ${number} of ${view.name} on ${node.name}`, plan);
    const fine = planProblem(plan);
    if (!fine.ok) return fine;
    const confirmed = await confirmPlan(context, input, `Roll ${view.name} back?`);
    if (!confirmed.ok) return confirmed;
    const edited = await replica.edit(appDocument(view.appId), (editor) => writeBack(editor, view, body));
    if (!edited.ok) return edited;
    return deliverChange(context, fleet, input, {
      draft: draftApp(planned.value, 'rollback'),
      lines: plan.lines.map(({ text }) => text),
      offline: undefined,
      finish: {
        name: view.name,
        urls: urlsOf(replica, node, body),
        success: `${view.name} runs what release ${number} ran`,
      },
    });
  });
}

/** The wanted release, or the newest good one before the one that runs. */
async function chooseTarget(
  fleet: Fleet,
  view: AppView,
  wanted: number | undefined,
): Promise<Result<{ number: number; body: AppBody }>> {
  const chain = await readChain(fleet, view.appId, view.node ?? '');
  if (!chain.ok) return chain;
  if (wanted !== undefined) {
    const link = chain.value.find(({ opened }) => opened.payload.number === wanted);
    return link ? readRunningBody(fleet, link) : err(noSuchRelease(view.name, wanted, chain.value));
  }
  const jobs = await fleet.client.call('listJobs', { query: { appId: view.appId, limit: 1_000 } });
  if (!jobs.ok) return jobs;
  const good = new Set(jobs.value.jobs.filter(({ outcome }) => outcome === 'succeeded').map(({ header }) => header));
  const running = chain.value.findLast(({ opened }) => good.has(opened.itemHash));
  const now = running ? await readBody(fleet, running) : undefined;
  if (now && !now.ok) return now;
  for (const link of chain.value.toReversed()) {
    if (!good.has(link.opened.itemHash) || link === running) continue;
    const body = await readRunningBody(fleet, link);
    if (body.ok && JSON.stringify(body.value.body) !== JSON.stringify(now?.value.body)) return body;
  }
  return err(
    fault(
      'release.no-earlier',
      'conflict',
      `${view.name} has no earlier good release`,
      'Name one with --to, or mend it and deploy.',
    ),
  );
}

async function readRunningBody(fleet: Fleet, link: ChainLink): Promise<Result<{ number: number; body: AppBody }>> {
  const { number } = link.opened.payload;
  const read = await readBody(fleet, link);
  if (!read.ok) return read;
  const { body } = read.value;
  if (body.kind === 'app' && body.state === 'running') return ok({ number, body });
  return err(
    fault(
      'release.not-running',
      'permanent',
      `release ${number} is no running app`,
      'Choose another with --to; `overseer apps show` lists them.',
      { field: '--to' },
    ),
  );
}

/** Desired state follows, else the next deploy would bring back what was rolled away. */
function writeBack(editor: DocumentEditor, view: AppView, body: AppBody): void {
  editor.set('state', body.state);
  editor.setText('compose', body.compose);
  editor.set('policies', toJson(body.policies));
  editor.set('source', toJson(body.source));
  for (const item of view.env) if (!Object.hasOwn(body.env, item.key)) editor.removeItem('env', item.id);
  for (const [key, value] of Object.entries(body.env)) {
    writeItem(editor, 'env', view.env.find((item) => item.key === key)?.id ?? null, { key, value });
  }
  for (const item of view.routes) {
    if (!body.routes.some(({ routeId }) => routeId === item.id)) editor.removeItem('routes', item.id);
  }
  for (const { routeId, hostname, service, port, scheme, tls } of body.routes) {
    if (view.routes.some(({ id }) => id === routeId)) {
      writeItem(editor, 'routes', routeId, { hostname, service, port, scheme, tls });
    }
  }
  for (const item of view.exceptions) {
    const stays = body.exceptions.some(({ rule, service, value }) => same(item, { rule, service, value }));
    if (!stays) editor.removeItem('exceptions', item.id);
  }
}

function same(
  a: { rule: string; service: string | null; value: string },
  b: { rule: string; service: string | null; value: string },
): boolean {
  return a.rule === b.rule && a.service === b.service && a.value === b.value;
}

function noSuchRelease(name: string, wanted: number, chain: readonly ChainLink[]) {
  const numbers = chain.map(({ opened }) => opened.payload.number).join(', ');
  return fault('release.unknown', 'permanent', `${name} has no release ${wanted}`, `It has: ${numbers || 'none'}.`, {
    field: '--to',
  });
}

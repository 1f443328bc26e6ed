import type { AppBody, AppView } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DocumentEditor, Replica } from '#shared/replica/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type ChainLink, readBody, readChain } from '../releases/release-chain.ts';
import { appDocument } from './find-app.ts';
import type { PlannedApp } from './plan-body.ts';
import { toJson, writeItem } from './write-item.ts';

/** An earlier release whose body comes back under a new number. */
export interface RollbackTarget {
  readonly number: number;
  readonly body: AppBody;
}

/** The wanted release, or the newest good one before the one that runs. */
export async function chooseRollback(
  fleet: Fleet,
  view: AppView,
  wanted: number | undefined,
): Promise<Result<RollbackTarget>> {
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
      'Name the release to go back to, or mend it and deploy.',
      { field: 'release' },
    ),
  );
}

async function readRunningBody(fleet: Fleet, link: ChainLink): Promise<Result<RollbackTarget>> {
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
      'Choose another; `overseer apps show` lists them.',
      { field: 'release' },
    ),
  );
}

/** Lets desired state follow, else the next deploy would bring back what was rolled away. */
export function writeRollback(replica: Replica, { view, body }: PlannedApp): Promise<Result<void>> {
  return replica.edit(appDocument(view.appId), (editor) => writeBack(editor, view, body));
}

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
    field: 'release',
  });
}

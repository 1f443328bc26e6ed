import type { AppSummary } from '#shared/contracts/rest/index.ts';
import { levelToLook, listAppViews } from '#shared/device/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Lists the apps: what is wanted comes from the local replica, how it is from the core where it can be reached. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const views = listAppViews(level.value.replica);
    if (!views.ok) return views;
    const seen = level.value.offline ? undefined : await fleet.client.call('listApps');
    if (seen && !seen.ok) return seen;
    const nodes = fleet.trust().nodes;
    const apps = views.value
      .map((view) => toListed(view, seen?.value.apps, nodes.get(view.node ?? '')?.name ?? null))
      .filter((app) => input.flag('all') || app.state !== 'removed' || app.volumes > 0);
    return done(apps, (out) => {
      if (level.value.offline) out.note('The core is away: this is what you want, not what runs.', 'warn');
      if (apps.length === 0) out.line('No apps yet: `overseer apps deploy NAME --catalog ID`.');
      else {
        out.table(
          ['name', 'wanted', 'status', 'release', 'node', 'url'],
          apps.map((app) => [
            app.name,
            app.state,
            app.status ?? '-',
            app.number === null ? '-' : String(app.number),
            app.node ?? '-',
            app.urls.join(', '),
          ]),
        );
      }
    });
  });
}

function toListed(view: AppView, seen: readonly AppSummary[] | undefined, node: string | null) {
  const summary = seen?.find(({ appId }) => appId === view.appId);
  return {
    appId: view.appId,
    name: view.name,
    state: view.state,
    status: summary?.observed?.status ?? null,
    number: summary?.number ?? null,
    node,
    urls: summary?.urls ?? view.routes.map(({ hostname, tls }) => `${tls === 'acme' ? 'https' : 'http'}://${hostname}`),
    /** Volumes the node still keeps for it. */
    volumes: summary?.observed?.volumes.length ?? 0,
    clashes: view.clashes,
  };
}

import type { AppSummary } from '#shared/contracts/rest/index.ts';
import { levelToLook, listAppViews, readAnyBase, readSecretPlaces } from '#shared/device/index.ts';
import { type AppView, dueSecrets, type SecretOnNode } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { dueText } from '../apps/due-text.ts';
import { type CliContext, type Done, done, isByToken, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { voidText } from '../releases/void-text.ts';
import { withToken } from '../token/token-client.ts';

/** Lists the apps: what is wanted comes from the local replica, how it is from the core where it can be reached. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  if (isByToken(context)) return listByToken(context, input);
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const views = listAppViews(level.value.replica);
    if (!views.ok) return views;
    const seen = level.value.offline ? undefined : await fleet.client.call('listApps');
    if (seen && !seen.ok) return seen;
    const nodes = fleet.trust().nodes;
    const voidReleases: string[] = [];
    const listed: (ReturnType<typeof toListed> & {
      readonly oldSecrets: readonly SecretOnNode[];
      readonly voidSigner: string | null;
    })[] = [];
    for (const view of views.value) {
      const summary = seen?.value.apps.find(({ appId }) => appId === view.appId);
      const places = await readSecretPlaces(context, fleet, view, summary);
      if (!places.ok) return places;
      const node = nodes.get(view.node ?? '')?.name ?? null;
      const base = await readAnyBase(context, fleet, view, summary?.number ?? 0);
      if (!base.ok) return base;
      const warning = voidText(view.name, base.value);
      if (warning) voidReleases.push(warning);
      const voidSigner = base.value?.voidSigner ?? null;
      listed.push({ ...toListed(view, summary, node), oldSecrets: dueSecrets(places.value), voidSigner });
    }
    const apps = listed.filter((app) => input.flag('all') || app.state !== 'removed' || app.volumes > 0);
    const due = apps.filter(({ oldSecrets }) => oldSecrets.length > 0);
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
      for (const warning of voidReleases) out.line(warning, 'warn');
      for (const { name, oldSecrets } of due) {
        for (const place of oldSecrets) out.line(`${name}, ${dueText(fleet, place)}`, 'warn');
        out.line(`  overseer apps deploy ${name}`);
      }
    });
  });
}

/** The same for an API token, which holds no replica: what the core shows of the apps within its reach. */
function listByToken(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withToken(context, async (client) => {
    const seen = await client.call('listApps');
    if (!seen.ok) return seen;
    const apps = seen.value.apps
      .filter(({ kind, state }) => kind === 'app' && (input.flag('all') || state !== 'removed'))
      .map((app) => ({
        appId: app.appId,
        name: app.name,
        state: app.state,
        status: app.observed?.status ?? null,
        number: app.number,
        node: app.node,
        urls: app.urls,
        volumes: app.observed?.volumes.length ?? 0,
        clashes: app.clashes,
      }));
    return done(apps, (out) => {
      if (apps.length === 0) return out.line('This token sees no apps.');
      out.table(
        ['name', 'wanted', 'status', 'release', 'url', 'id'],
        apps.map((app) => [
          app.name,
          app.state ?? 'not deployed',
          app.status ?? '-',
          String(app.number),
          app.urls.join(', '),
          app.appId,
        ]),
      );
    });
  });
}

function toListed(view: AppView, summary: AppSummary | undefined, node: string | null) {
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

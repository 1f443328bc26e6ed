import { findApp, levelToLook, listAppViews, readSecretPlaces } from '#shared/device/index.ts';
import { type AppView, dueSecrets, type SecretOnNode } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { dueText, statusText } from '../apps/due-text.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

interface ListedSecret {
  readonly app: string;
  readonly appId: string;
  readonly name: string;
  readonly version: number;
  readonly uses: AppView['secrets'][number]['uses'];
  readonly places: readonly SecretOnNode[];
}

/** Lists the names of secrets, never a value, and on which server an older value runs still. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const views = input.arg(0) === '' ? listAppViews(replica) : mapOk(findApp(replica, input.arg(0)));
    if (!views.ok) return views;
    const seen = offline ? undefined : await fleet.client.call('listApps');
    if (seen && !seen.ok) return seen;
    const secrets: ListedSecret[] = [];
    for (const view of views.value) {
      const { appId, name: app } = view;
      const summary = seen?.value.apps.find((one) => one.appId === appId);
      const places = await readSecretPlaces(context, fleet, view, summary);
      if (!places.ok) return places;
      for (const { name, version, uses } of view.secrets)
        secrets.push({ app, appId, name, version, uses, places: places.value.filter((one) => one.name === name) });
    }
    const trust = fleet.trust();
    return done(secrets, (out) => {
      if (secrets.length === 0) return out.line('No secrets.');
      out.table(
        ['app', 'name', 'version', 'goes to', 'status'],
        secrets.map(({ app, name, version, uses, places }) => [
          app,
          name,
          String(version),
          uses.map((use) => `${use.service} as ${use.as === 'env' ? use.env : use.path}`).join(', '),
          places.map((place) => `${trust.nodes.get(place.node)?.name ?? place.node}: ${statusText(place)}`).join(', '),
        ]),
      );
      const due = secrets.flatMap(({ app, places }) => dueSecrets(places).map((place) => ({ app, place })));
      for (const { place } of due) out.line(dueText(fleet, place), 'warn');
      for (const app of new Set(due.map((one) => one.app))) out.line(`  overseer apps deploy ${app}`);
    });
  });
}

function mapOk(view: Result<AppView>): Result<AppView[]> {
  return view.ok ? { ok: true, value: [view.value] } : view;
}

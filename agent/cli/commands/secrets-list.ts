import { findApp, levelToLook, listAppViews } from '#shared/device/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Lists the names of secrets, never a value. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const { replica } = level.value;
    const views = input.arg(0) === '' ? listAppViews(replica) : mapOk(findApp(replica, input.arg(0)));
    if (!views.ok) return views;
    const secrets = views.value.flatMap((view) =>
      view.secrets.map(({ name, version, uses }) => ({ app: view.name, appId: view.appId, name, version, uses })),
    );
    return done(secrets, (out) => {
      if (secrets.length === 0) out.line('No secrets.');
      else {
        out.table(
          ['app', 'name', 'version', 'goes to'],
          secrets.map(({ app, name, version, uses }) => [
            app,
            name,
            String(version),
            uses.map((use) => `${use.service} as ${use.as === 'env' ? use.env : use.path}`).join(', '),
          ]),
        );
      }
    });
  });
}

function mapOk(view: Result<AppView>): Result<AppView[]> {
  return view.ok ? { ok: true, value: [view.value] } : view;
}

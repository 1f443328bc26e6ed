import { findApp, levelToLook, listAppViews, standingExceptions } from '#shared/device/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Lists what is set aside of the guardrails: what the nodes say is in force, and what waits to be signed. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const wanted = input.arg(0);
    const one = wanted === '' ? undefined : findApp(replica, wanted);
    if (one && !one.ok) return one;
    const views = one ? ok([one.value]) : listAppViews(replica);
    if (!views.ok) return views;
    const listed = offline ? undefined : await fleet.client.call('listNodes');
    if (listed && !listed.ok) return listed;
    const nodes = listed?.value.nodes ?? [];
    const exceptions = views.value.flatMap(({ appId, name, node, exceptions }) => {
      const seen = nodes.find(({ nodeId }) => nodeId === node)?.observed?.apps.find((app) => app.appId === appId);
      const nodeName = fleet.trust().nodes.get(node ?? '')?.name ?? null;
      return standingExceptions(exceptions, seen?.exceptions ?? []).map((aside) => ({
        appId,
        app: name,
        node: nodeName,
        ...aside,
      }));
    });
    return done(exceptions, (out) => {
      if (offline) out.note('The core is away: only what is wanted is known, not what is in force.', 'warn');
      if (exceptions.length === 0) return out.line('No guardrail is set aside.');
      out.table(
        ['app', 'node', 'guardrail', 'for', 'value', 'state', 'reason'],
        exceptions.map(({ app, node, rule, service, value, state, reason }) => [
          app,
          node ?? '-',
          rule,
          service ?? 'the app',
          value,
          offline ? 'not known' : state,
          reason,
        ]),
      );
    });
  });
}

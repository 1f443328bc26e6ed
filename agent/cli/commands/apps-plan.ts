import { levelWithCore } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { planFromOptions } from '../apps/plan-from-options.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { printPlan } from '../releases/show-plan.ts';
import { voidText } from '../releases/void-text.ts';

/** Keeps the edit and shows what a deploy would change. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const planned = await planFromOptions(context, fleet, replica, input, offline === undefined);
    if (!planned.ok) return planned;
    // The edit goes to the core at once, so that the owner's other devices see it.
    if (!offline) await fleet.sync();
    const { view, node, base, plan } = planned.value;
    const json = {
      appId: view.appId,
      name: view.name,
      node: { nodeId: node.nodeId, name: node.name },
      base: base?.number ?? null,
      voidSigner: base?.voidSigner ?? null,
      offline: offline !== undefined,
      plan,
    };
    return done(json, (out) => {
      if (offline) out.note('The core is away: planned against the last release this device knows.', 'warn');
      if (plan.lines.length === 0) out.line(`${view.name} on ${node.name}: nothing to change.`);
      else printPlan(out, `Plan for ${view.name} on ${node.name}`, plan);
      const warning = voidText(view.name, base);
      if (warning) out.line(warning, 'warn');
    });
  });
}

import { findCloudflare, levelToLook, missingPermission, testCloudflare } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import type { VerbInput } from '../options.ts';

/** Lets the node test its token; each missing permission is named. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const connector = findCloudflare(fleet, level.value.replica, input.text('node'));
    if (!connector.ok) return connector;
    fleet.letGo();
    const tested = await testCloudflare(context, fleet, connector.value);
    if (!tested.ok) return tested;
    const report = tested.value;
    const error = missingPermission(report);
    return done(
      error ? { ...report, error } : report,
      (out) => {
        out.table(
          ['permission', 'zone', 'granted', 'what'],
          report.capabilities.map((item) => [item.name, item.zone ?? 'all', item.ok ? 'yes' : 'NO', item.message]),
        );
        out.line(`Zones the token sees: ${report.zones.join(', ') || 'none'}.`);
        if (report.tokenExpiresAt !== null) out.line(`The token ends at ${report.tokenExpiresAt}.`, 'warn');
        if (error) out.fault(error);
        else out.line('The token may do all it must.', 'good');
      },
      error ? EXIT.refused : EXIT.ok,
    );
  });
}

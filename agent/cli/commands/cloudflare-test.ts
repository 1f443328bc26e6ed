import { z } from 'zod';
import { findNode, levelToLook, readFleetView, runCommand } from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import type { VerbInput } from '../options.ts';

/** What a node says of its token; the shape is DnsTestReport of shared/domain/routes. */
const reportSchema = z.looseObject({
  ok: z.boolean(),
  capabilities: z.array(
    z.looseObject({
      name: z.string(),
      zone: z.string().nullable(),
      ok: z.boolean(),
      message: z.string(),
      missing: z.string().nullable(),
    }),
  ),
  zones: z.array(z.string()),
  tokenExpiresAt: z.string().nullable(),
});

/** Lets the node test its token; each missing permission is named. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const index = readFleetView(level.value.replica);
    if (!index.ok) return index;
    fleet.letGo();
    const wanted = input.text('node');
    const node = wanted === undefined ? undefined : findNode(fleet.trust(), wanted);
    if (node && !node.ok) return node;
    const connector = index.value.connectors.find(
      (item) => item.vendor === 'cloudflare' && (node === undefined || item.node === node.value.nodeId),
    );
    if (!connector) return err(noConnector());
    const order = { node: connector.node, verb: 'dns-test', args: { connector: connector.appId } } as const;
    const answer = await runCommand(context, fleet, order);
    if (!answer.ok) return answer;
    const report = reportSchema.parse(answer.value);
    const missing = report.capabilities.filter((item) => !item.ok);
    const error = report.ok ? undefined : missingFault(missing);
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

function missingFault(missing: readonly { missing: string | null; message: string; zone: string | null }[]) {
  const what = missing.map((item) => `${item.missing ?? item.message}${item.zone ? ` on ${item.zone}` : ''}`);
  return fault(
    'dns.missing-permission',
    'denied',
    `the token lacks: ${what.join('; ')}`,
    'Add it at Cloudflare under My Profile, API Tokens; the token itself stays the same.',
  );
}

function noConnector() {
  return fault(
    'dns.no-connector',
    'permanent',
    'no node has a Cloudflare token',
    'Run `overseer integrations cloudflare set` first.',
  );
}

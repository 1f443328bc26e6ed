import { z } from 'zod';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { readFleetView } from '../apps/find-app.ts';
import { findNode } from '../fleet/find-node.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { runCommand } from '../fleet/run-command.ts';
import type { DeviceContext } from '../ports/device-context.ts';

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

export type CloudflareReport = z.output<typeof reportSchema>;

/** Which connector, and on which node. */
export interface FoundConnector {
  readonly appId: string;
  /** nodeId */
  readonly node: string;
}

/** The Cloudflare connector of a node by name or id, without either the first there is. */
export function findCloudflare(fleet: Fleet, replica: Replica, wanted: string | undefined): Result<FoundConnector> {
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const node = wanted === undefined ? undefined : findNode(fleet.trust(), wanted);
  if (node && !node.ok) return node;
  const connector = index.value.connectors.find(
    (item) => item.vendor === 'cloudflare' && (node === undefined || item.node === node.value.nodeId),
  );
  return connector ? ok(connector) : err(noConnector());
}

/** Lets the node test its token. What is missing is no fault of the test: `missingPermission` says it. */
export async function testCloudflare(
  context: DeviceContext,
  fleet: Fleet,
  { appId, node }: FoundConnector,
): Promise<Result<CloudflareReport>> {
  const answer = await runCommand(context, fleet, { node, verb: 'dns-test', args: { connector: appId } });
  return answer.ok ? ok(reportSchema.parse(answer.value)) : answer;
}

/** What the token lacks, by name; undefined when it may do all it must. */
export function missingPermission(report: CloudflareReport): Fault | undefined {
  return report.ok ? undefined : missingFault(report.capabilities.filter((item) => !item.ok));
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

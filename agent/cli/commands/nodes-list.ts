import type { NodeView } from '#shared/contracts/rest/index.ts';
import { vouchFor } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { formatAge, formatBytes } from '../output/format.ts';
import { withCore } from '../token/token-client.ts';

/** Lists the servers and how they are. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withCore(context, async (client, fleet) => {
    const listed = await client.call('listNodes');
    if (!listed.ok) return listed;
    const { nodes } = listed.value;
    // Only a device can say to a node what is newest.
    if (fleet) for (const node of nodes) await vouchFor(context, fleet, node);
    return done(nodes, (out) => {
      if (nodes.length === 0) out.line('No servers yet: `overseer nodes token` prints the line that joins one.');
      else
        out.table(
          HEADERS,
          nodes.map((node) => toRow(node, context.clock.nowMs())),
        );
    });
  });
}

const HEADERS = ['name', 'status', 'seen', 'cpu', 'memory', 'disk free', 'docker', 'compose', 'id'];

function toRow(node: NodeView, nowMs: number): string[] {
  const { facts } = node;
  return [
    node.name,
    node.hold?.holding ? `${node.status}, holding` : node.status,
    formatAge(node.lastSeenAt, nowMs),
    facts ? `${Math.round(facts.cpuLoad * 100)} %` : '-',
    facts ? `${formatBytes(facts.memoryUsedBytes)} of ${formatBytes(facts.memoryTotalBytes)}` : '-',
    facts ? formatBytes(facts.diskFreeBytes) : '-',
    facts?.dockerVersion ?? '-',
    facts?.composeVersion ?? '-',
    node.nodeId,
  ];
}

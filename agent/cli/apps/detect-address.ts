import { isIPv4 } from 'node:net';
import { probeAnswerSchema } from '#shared/contracts/link/commands.ts';
import { type Fleet, runCommand } from '#shared/device/index.ts';
import type { CliContext } from '../context.ts';

/** The node's own first address, IPv4 before IPv6; undefined when the node can not be asked. */
export async function detectAddress(context: CliContext, fleet: Fleet, node: string): Promise<string | undefined> {
  const answer = await runCommand(context, fleet, { node, verb: 'probe', args: { ports: [] } });
  if (!answer.ok) return undefined;
  const probe = probeAnswerSchema.safeParse(answer.value);
  if (!probe.success) return undefined;
  const { addresses } = probe.data;
  return addresses.find(isIPv4) ?? addresses[0];
}

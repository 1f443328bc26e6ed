import { probeAnswerSchema } from '#shared/contracts/link/commands.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { runCommand } from '../fleet/run-command.ts';
import type { DeviceContext } from '../ports/device-context.ts';

/** The node's own first address, IPv4 before IPv6; undefined when the node can not be asked. */
export async function detectAddress(context: DeviceContext, fleet: Fleet, node: string): Promise<string | undefined> {
  const answer = await runCommand(context, fleet, { node, verb: 'probe', args: { ports: [] } });
  if (!answer.ok) return undefined;
  const probe = probeAnswerSchema.safeParse(answer.value);
  if (!probe.success) return undefined;
  const { addresses } = probe.data;
  return addresses.find((address) => !address.includes(':')) ?? addresses[0];
}

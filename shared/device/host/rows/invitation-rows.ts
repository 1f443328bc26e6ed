import type { Invitation } from '#shared/contracts/ipc/index.ts';
import { admitHash, deriveAdmit, writeEnrolmentToken } from '#shared/trust/index.ts';
import type { FleetHost } from '../fleet-host.ts';

/** Invitations of servers that the core holds; the line to paste is known to the device that made it alone. */
export async function toInvitations(host: FleetHost): Promise<Invitation[]> {
  const commands = new Map<string, string>();
  for (const { token } of await host.fleet.store.tokens())
    commands.set(admitHash(await deriveAdmit(token)), `overseer node join ${writeEnrolmentToken(token)}`);
  return [...host.lists.enrolments().values()].map(({ request: _, mac: __, admitHash: hash, ...shown }) => ({
    ...shown,
    id: shown.enrolment,
    command: commands.get(hash) ?? null,
  }));
}

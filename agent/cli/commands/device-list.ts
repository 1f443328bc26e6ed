import { listWaitingDevices, voidRevocationText } from '#shared/device/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import { isProvisionalFleet, roleOf, voidRevocations } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { formatAge } from '../output/format.ts';

/** Lists the devices of the fleet, what each may do, and which ask to join. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const log = await fleet.client.call('getTrust');
    const taken = log.ok ? await fleet.takeTrust(log.value.entries) : log;
    // Without the core the log that lies here still tells the devices; who asks only the core knows.
    if (!taken.ok && taken.error.kind !== 'transient') return taken;
    const waiting = taken.ok ? await listWaitingDevices(fleet) : ok([]);
    if (!waiting.ok) return waiting;
    const trust = fleet.trust();
    const devices = [...trust.devices.values()].map(({ deviceId, name, kind, personId }) => ({
      deviceId,
      name,
      kind,
      person: { personId, name: trust.persons.get(personId)?.name ?? null },
      role: roleOf(trust, deviceId),
      isThis: deviceId === fleet.device.deviceId,
    }));
    const revoked = [...trust.revokedDevices.values()].map(({ device: { deviceId, name, kind } }) => ({
      deviceId,
      name,
      kind,
    }));
    const requests = waiting.value.map(({ request, name, kind, requestedAt, expiresAt }) => ({
      request,
      name,
      kind,
      requestedAt,
      expiresAt,
    }));
    const voidRevoked = voidRevocations(trust, trust.graph);
    const provisional = isProvisionalFleet(trust);
    const json = { devices, revoked, voidRevocations: voidRevoked, requests, provisional, coreReached: taken.ok };
    return done(json, (out) => {
      out.table(
        ['name', 'kind', 'person', 'role', 'id'],
        devices.map(({ name, kind, person, role, deviceId, isThis }) => [
          isThis ? `${name} (this one)` : name,
          kind,
          person.name ?? '-',
          role ?? '-',
          deviceId,
        ]),
      );
      for (const { name, kind, deviceId } of revoked) out.line(`revoked  ${name} (${kind})  ${deviceId}`, 'dim');
      for (const one of voidRevoked) out.line(voidRevocationText(trust, one), 'warn');
      if (json.provisional)
        out.line('A browser is the only owner: add a desktop or CLI with `overseer device join`.', 'warn');
      for (const { name, kind, requestedAt } of requests)
        out.line(
          `${name} (${kind}) asks to join, ${formatAge(requestedAt, context.clock.nowMs())}: \`overseer device approve\``,
        );
      if (!json.coreReached) out.note('The core is away: who asks to join is not known.', 'warn');
    });
  });
}

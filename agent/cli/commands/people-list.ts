import { levelTrust } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { Person, TrustState } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';

/** Lists the people of the fleet with their devices, and who was revoked. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    // Without the core the log that lies here still tells.
    if (!level.ok && level.error.kind !== 'transient') return level;
    const trust = fleet.trust();
    const own = trust.devices.get(fleet.device.deviceId)?.personId;
    const people = [
      ...[...trust.persons.values()].map((person) => describePerson(trust, person, own, false)),
      ...[...trust.revokedPersons.values()].map((person) => describePerson(trust, person, own, true)),
    ];
    const { ownerThreshold, awaiting } = trust;
    const json = { people, ownerThreshold, awaiting, coreReached: level.ok };
    return done(json, (out) => {
      out.table(
        ['name', 'role', 'devices', 'id'],
        people.map(({ name, role, devices, personId, isThis, revoked }) => [
          isThis ? `${name} (you)` : name,
          revoked ? 'revoked' : role,
          devices.map((device) => device.name).join(', ') || '-',
          personId,
        ]),
      );
      if (ownerThreshold > 1) out.line(`${ownerThreshold} of the owners' devices must let a further owner in.`);
      if (awaiting.length > 0) out.line('Somebody waits for a further owner: `overseer people confirm`.', 'warn');
      if (!level.ok) out.note('The core is away: this is what this device knew last.', 'warn');
    });
  });
}

function describePerson(
  trust: TrustState,
  { personId, name, role }: Person,
  own: string | undefined,
  revoked: boolean,
) {
  const devices = [...trust.devices.values()]
    .filter((device) => device.personId === personId)
    .map((device) => ({ deviceId: device.deviceId, name: device.name, kind: device.kind }));
  return { personId, name, role, devices, isThis: personId === own, revoked };
}

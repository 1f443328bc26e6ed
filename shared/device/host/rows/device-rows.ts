import type { DeviceRow } from '#shared/contracts/ipc/index.ts';
import { roleOf, type TrustState } from '#shared/trust/index.ts';

/** Who stands in the trust log. */
export function toDeviceRows(trust: TrustState, own: string): DeviceRow[] {
  return [...trust.devices.values()].map(({ deviceId, name, kind, personId }) => ({
    id: deviceId,
    name,
    kind,
    person: trust.persons.get(personId)?.name ?? '',
    role: roleOf(trust, deviceId),
    isThis: deviceId === own,
  }));
}

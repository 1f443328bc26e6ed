import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { EnrolledDevice, Person, TrustState } from '#shared/trust/index.ts';

/** A device of the fleet by name or id. */
export function findDevice(trust: TrustState, wanted: string): Result<EnrolledDevice> {
  return findOne('device', wanted, [...trust.devices.values()], ({ deviceId }) => deviceId);
}

/** The same, and one that is revoked already where none that counts is called so. */
export function findDeviceEver(trust: TrustState, wanted: string): Result<EnrolledDevice> {
  const found = findDevice(trust, wanted);
  const revoked = [...trust.revokedDevices.values()].map(({ device }) => device);
  const isRevoked = revoked.some(({ deviceId, name }) => deviceId === wanted || name === wanted);
  return found.ok || found.error.code !== 'device.unknown' || !isRevoked
    ? found
    : findOne('device', wanted, revoked, ({ deviceId }) => deviceId);
}

/** A person of the fleet by name or id. */
export function findPerson(trust: TrustState, wanted: string): Result<Person> {
  return findOne('person', wanted, [...trust.persons.values()], ({ personId }) => personId);
}

const UNFOUND = {
  device: ['device.unknown', 'device.ambiguous'],
  person: ['person.unknown', 'person.ambiguous'],
} as const;

function findOne<T extends { name: string }>(
  what: keyof typeof UNFOUND,
  wanted: string,
  all: readonly T[],
  idOf: (one: T) => string,
): Result<T> {
  const found = all.filter((one) => idOf(one) === wanted || one.name === wanted);
  const [one] = found;
  if (one && found.length === 1) return ok(one);
  const named = (found.length > 0 ? found : all).map((item) => `${item.name} (${idOf(item)})`).join(', ');
  return err(unknown(what, wanted, found.length, named));
}

function unknown(what: keyof typeof UNFOUND, wanted: string, count: number, named: string): Fault {
  return fault(
    UNFOUND[what][count > 0 ? 1 : 0],
    'permanent',
    count > 0 ? `${count} of the fleet are called "${wanted}"` : `there is no ${what} "${wanted}" in this fleet`,
    `Name one of: ${named || 'nobody yet'}.`,
    { field: what },
  );
}

import type { DeviceRequest } from '#shared/contracts/ipc/index.ts';
import type { DeviceRequest as CoreRequest } from '#shared/contracts/rest/index.ts';
import type { Approval } from '../../enrolment/approve-device.ts';
import type { FleetHost } from '../fleet-host.ts';

/** Exchanges that have run as far as the code, by request. */
const approvals = new WeakMap<FleetHost, Map<string, Approval>>();

/** The exchanges that this device has begun. */
export function approvalsOf(host: FleetHost): Map<string, Approval> {
  const known = approvals.get(host) ?? new Map<string, Approval>();
  approvals.set(host, known);
  return known;
}

/** Devices that ask to be let in, with the code of those that are being answered here. */
export function listDeviceRequests(host: FleetHost): DeviceRequest[] {
  const answered = approvalsOf(host);
  return [...host.lists.deviceRequests().values()]
    .filter(({ state, request }) => state === 'waiting' || (answered.has(request) && state !== 'approved'))
    .filter(({ state }) => state !== 'refused')
    .map((request) => toDeviceRequest(request, answered.get(request.request)));
}

/** Once it has named its keys, a device is what it said then: what it asked under is proved by nothing. */
export function toDeviceRequest(
  { request, name, kind, expiresAt }: CoreRequest,
  approval: Approval | undefined,
): DeviceRequest {
  const code = approval?.code ?? null;
  return { id: request, name: approval?.device.name ?? name, kind: approval?.device.kind ?? kind, expiresAt, code };
}

import type { DeviceRequest } from '#shared/contracts/rest/index.ts';
import { type Clock, err, type Fault, fault, isoTime, ok, type Random, type Result } from '#shared/kernel/index.ts';
import {
  createApprovalNonce,
  type Device,
  type DeviceRole,
  openDeviceReveal,
  roleOfKind,
  signTrustEntry,
  type TrustView,
} from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** An exchange that has run as far as the code. Nothing is signed yet. */
export interface Approval {
  readonly request: string;
  /** The new device as it revealed itself. */
  readonly device: Device;
  /** The person must find exactly this on the new device. */
  readonly code: string;
}

/** Requests that nobody has answered yet, oldest first. */
export async function listWaitingDevices(fleet: Fleet): Promise<Result<DeviceRequest[]>> {
  const listed = await fleet.client.call('listDeviceRequests');
  return listed.ok ? ok(listed.value.requests.filter(({ state }) => state === 'waiting')) : listed;
}

/**
 * ENR-7: the approving device's side up to the code: gives a fresh nonce for the commitment that `request` carries, and
 * checks the reveal against it. `request` comes from the list: a commitment that came after the nonce proves nothing.
 */
export async function beginApproval(
  context: { readonly clock: Clock; readonly random: Random },
  fleet: Fleet,
  request: DeviceRequest,
): Promise<Result<Approval>> {
  const log = await fleet.client.call('getTrust');
  if (!log.ok) return log;
  const taken = await fleet.takeTrust(log.value.entries);
  if (!taken.ok) return taken;
  const answer = { approver: fleet.device.deviceId, nonce: createApprovalNonce(context.random) };
  const revealed = await awaitReveal(context.clock, fleet, request, answer.nonce);
  if (!revealed.ok) return revealed;
  const { commitment } = request;
  const opened = openDeviceReveal({ fleet: fleet.config.fleet, commitment, ...revealed.value, answer });
  if (opened.ok) return ok({ request: request.request, ...opened.value });
  await refuseApproval(fleet, request.request, opened.error.message);
  return opened;
}

/** The same nonce again only waits on, so a lost connection and a slow device are one case. */
async function awaitReveal(
  clock: Clock,
  fleet: Fleet,
  { request, expiresAt }: DeviceRequest,
  nonce: string,
): Promise<Result<{ identity: string; nonce: string }>> {
  while (clock.nowMs() < Date.parse(expiresAt)) {
    const answered = await fleet.client.call('answerDevice', { params: { id: request }, body: { nonce } });
    if (!answered.ok) return answered;
    const { state, identity, nonce: revealed } = answered.value;
    if (state === 'revealed' && identity !== null && revealed !== null) return ok({ identity, nonce: revealed });
    if (state !== 'asked') break;
  }
  return err(wentAway());
}

/** Signs the device in for a person, after the person here has found the code there. */
export async function finishApproval(
  context: { readonly clock: Clock },
  fleet: Fleet,
  approval: Approval,
  personId: string,
): Promise<Result<Device>> {
  const { device } = approval;
  const named = { ...device, name: freeName(fleet.trust(), device) };
  const entry = await signTrustEntry(
    fleet.trust(),
    { kind: 'add-device', device: named, personId },
    fleet.device.signer,
    { at: isoTime(context.clock), auditHead: fleet.heads().auditHead },
  );
  const sent = await fleet.client.call('extendTrust', { body: { entries: [entry] } });
  if (!sent.ok) return sent;
  const taken = await fleet.takeTrust([entry]);
  return taken.ok ? ok(named) : taken;
}

/** Tells the new device that it is not let in, and why. */
export async function refuseApproval(fleet: Fleet, request: string, reason: string): Promise<Result<void>> {
  const body = { refuse: reason.slice(0, 512) };
  const refused = await fleet.client.call('answerDevice', { params: { id: request }, body });
  return refused.ok ? ok() : refused;
}

/** LOG-11: what a device of this kind will be for this person; null where it would be nothing. */
export function roleAfterApproval(trust: TrustView, kind: Device['kind'], personId: string): DeviceRole | null {
  const person = trust.persons.get(personId);
  return person ? roleOfKind(kind, person.role) : null;
}

/** Two devices of one name are told apart by the beginning of their ids. */
function freeName(trust: TrustView, { name, deviceId }: Device): string {
  const taken = [...trust.devices.values()].some((other) => other.name === name && other.deviceId !== deviceId);
  return taken ? `${name.slice(0, 55)}-${deviceId.slice(0, 6)}` : name;
}

function wentAway(): Fault {
  return fault(
    'device.went-away',
    'transient',
    'the new device did not go on with the exchange',
    'Begin anew there, keep it open, and run this again.',
  );
}

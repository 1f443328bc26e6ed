import type {
  DeviceRequest,
  DeviceRequestResponse,
  DeviceRequestState,
  DeviceWaitResponse,
} from '#shared/contracts/rest/index.ts';
import { FaultError, fault } from '#shared/kernel/index.ts';
import { deviceSchema, type Envelope, entrySchemas, isRevealOf, trustPayloadSchema } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { notClaimed } from '../trust/trust-keeper.ts';
import { actorOf, type Caller, requireRight } from './caller.ts';
import type { PendingDevice } from './device-request-board.ts';

/** A long poll of a new device or its approver. */
const WAIT_MS = 25_000;

/** A further device asks to join. The core learns what it committed to and what it calls itself. */
export async function requestDevice(
  core: Core,
  wish: { commitment: string; name: string; kind: DeviceRequest['kind'] },
): Promise<DeviceRequestResponse> {
  const act: Act = {
    actor: { kind: 'token', id: wish.commitment },
    action: 'device.request',
    subject: { name: wish.name, kind: wish.kind },
    envelope: null,
  };
  const pending = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    if (core.trust.fleet() === '') throw new FaultError(notClaimed());
    const added = core.deviceRequests.add(wish);
    if (added === undefined) throw new FaultError(tooManyRequests());
    act.subject.request = added.request;
    return async () => added;
  });
  tell(core, pending);
  const { request, ticket, expiresAt } = pending;
  return { request, ticket, expiresAt };
}

/** The new device waits for what comes after the state it has seen. */
export async function waitDevice(
  core: Core,
  input: { ticket: string; seen: DeviceRequestState },
  signal: AbortSignal,
): Promise<DeviceWaitResponse> {
  const held = byTicket(core, input.ticket);
  if (held.state === input.seen) await core.deviceRequests.waitForChange(held.request, WAIT_MS, signal);
  const { state, answer, reason } = byTicket(core, input.ticket);
  const trust = state === 'approved' ? [...core.trust.current().entries] : [];
  return { state, answer, reason, trust: trust as never };
}

/** ENR-7: the new device shows what it committed to, after an approver has given its nonce and not before. */
export async function revealDevice(
  core: Core,
  input: { ticket: string; identity: string; nonce: string },
): Promise<{ state: DeviceRequestState }> {
  const { ticket, identity, nonce } = input;
  const actor = { kind: 'token' as const, id: core.deviceRequests.byTicket(ticket)?.commitment ?? 'unknown' };
  const act: Act = { actor, action: 'device.reveal', subject: {}, envelope: null };
  const revealed = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const { request, commitment } = byTicket(core, ticket);
    act.subject.request = request;
    if (!isRevealOf(commitment, identity, nonce)) throw new FaultError(brokenCommitment());
    const deviceId = deviceIdOf(identity);
    act.subject.device = deviceId;
    return async () => {
      const held = byTicket(core, ticket);
      // The same reveal again is the answer to a lost connection.
      const again = held.state === 'revealed' && held.identity === identity && held.nonce === nonce;
      if (held.state !== 'asked' && !again) throw new FaultError(wrongTurn(held.state));
      return core.deviceRequests.change(request, { state: 'revealed', identity, nonce, deviceId });
    };
  });
  if (revealed === undefined) throw new FaultError(unknownRequest());
  tell(core, revealed);
  return { state: revealed.state };
}

/** The approving device gives its nonce and waits for the reveal, or refuses. */
export async function answerDevice(
  core: Core,
  caller: Caller,
  id: string,
  input: { nonce: string } | { refuse: string },
  signal: AbortSignal,
): Promise<DeviceRequest> {
  const refusal = 'refuse' in input ? { refuse: input.refuse } : null;
  const act: Act = {
    actor: actorOf(caller),
    action: 'device.answer',
    subject: { request: id, ...(refusal ?? {}) },
    envelope: null,
  };
  const answered = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    requireRight(core, caller, 'enrol');
    // Judged where it is changed: of two approvers at once one is first.
    return async () => {
      const held = core.deviceRequests.byId(id);
      if (held === undefined) throw new FaultError(unknownRequest());
      const change = 'nonce' in input ? takeNonce(held, caller.deviceId, input.nonce) : takeRefusal(held, input.refuse);
      return core.deviceRequests.change(id, change);
    };
  });
  if (answered === undefined) throw new FaultError(unknownRequest());
  tell(core, answered);
  if (answered.state === 'asked') await core.deviceRequests.waitForChange(id, WAIT_MS, signal);
  return deviceRequestView(core.deviceRequests.byId(id) ?? answered);
}

/** ENR-7: one answer for one commitment. A second approver, or another nonce, needs a new request. */
function takeNonce(held: PendingDevice, approver: string, nonce: string): Partial<PendingDevice> {
  const isSame = held.answer?.approver === approver && held.answer.nonce === nonce;
  if (isSame && (held.state === 'asked' || held.state === 'revealed')) return {};
  if (held.state !== 'waiting') throw new FaultError(answeredBefore(held.state));
  return { state: 'asked', answer: { approver, nonce } };
}

function takeRefusal(held: PendingDevice, reason: string): Partial<PendingDevice> {
  if (held.state === 'approved' || held.state === 'refused') throw new FaultError(answeredBefore(held.state));
  return { state: 'refused', reason };
}

/** After the trust log grew: requests whose device is now in it have ended well. */
export function settleDeviceRequests(core: Core, applied: readonly Envelope[]): void {
  const added = new Set(applied.map(addedDeviceId));
  for (const { request, state, deviceId } of core.deviceRequests.list()) {
    // LOG-24: it may stand in the log and wait for a second owner.
    const counts = deviceId !== null && core.trust.current().devices.has(deviceId);
    if (state !== 'revealed' || !counts || !added.has(deviceId)) continue;
    const approved = core.deviceRequests.change(request, { state: 'approved' });
    if (approved) tell(core, approved);
  }
}

/** A request as devices see it: without what only the new device knows. */
export function deviceRequestView(pending: PendingDevice): DeviceRequest {
  const { ticket: _, reason: __, deviceId: ___, ...view } = pending;
  return view;
}

function tell(core: Core, pending: PendingDevice): void {
  core.events.publish({ type: 'device-request', data: deviceRequestView(pending) });
}

function byTicket(core: Core, ticket: string): PendingDevice {
  const found = core.deviceRequests.byTicket(ticket);
  if (found === undefined) throw new FaultError(unknownRequest());
  return found;
}

function deviceIdOf(identity: string): string {
  try {
    return deviceSchema.parse((JSON.parse(identity) as { device?: unknown }).device).deviceId;
  } catch {
    throw new FaultError(
      fault(
        'enrol.bad-device',
        'permanent',
        'identity: it does not name the keys of a device.',
        'Update the device and ask again.',
        { field: 'identity' },
      ),
    );
  }
}

function addedDeviceId(envelope: Envelope): string | undefined {
  const payload = trustPayloadSchema.safeParse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')));
  const entry = entrySchemas['add-device'].safeParse(payload.data?.entry);
  return entry.data?.device.deviceId;
}

function tooManyRequests() {
  return fault(
    'device.too-many-requests',
    'transient',
    'Too many devices ask to join right now.',
    'Try again in ten minutes; if you did not start them, somebody else can reach this core.',
  );
}

function unknownRequest() {
  return fault(
    'device.request-unknown',
    'permanent',
    'There is no such request: it ended after ten minutes, or the core was started again.',
    'Begin anew on the new device.',
  );
}

function wrongTurn(state: DeviceRequestState) {
  return fault(
    'device.answered',
    'conflict',
    `The request is ${state}: a device reveals its keys once, after an approver has answered.`,
    'Begin anew on the new device.',
  );
}

function answeredBefore(state: DeviceRequestState) {
  return fault(
    'device.answered',
    'conflict',
    `The request is ${state}: another exchange for it has begun already.`,
    'Begin anew on the new device, then approve that request.',
  );
}

function brokenCommitment() {
  return fault(
    'enrol.broken-commitment',
    'denied',
    'What is revealed does not fit what was committed to.',
    'Begin anew on the new device.',
    { field: 'identity' },
  );
}

import type { Enrolment, EnrolmentWaitResponse, RegisterTokenResponse } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, fromBase64Url, isoTime, randomId } from '#shared/kernel/index.ts';
import {
  type Envelope,
  admitHash as hashOfAdmit,
  nodeIdentitySchema,
  trustPayloadSchema,
} from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { EnrolmentRecord } from '../store/records.ts';
import { actorOf, type Caller, requireRight } from './caller.ts';

/** A token lives at most this long. */
const MAX_TOKEN_LIFE_MS = 24 * 3_600_000;
/** A long poll of a waiting node. */
export const WAIT_MS = 25_000;

/** Registers a token: the core learns only the hash of its admit part. */
export async function registerToken(
  core: Core,
  caller: Caller,
  request: { admitHash: string; expiresAt: string; name?: string | undefined },
): Promise<RegisterTokenResponse> {
  const { admitHash, expiresAt } = request;
  const enrolment = randomId(core.random);
  const act: Act = {
    actor: actorOf(caller),
    action: 'enrolment.register',
    subject: { enrolment, expiresAt, name: request.name ?? '' },
    envelope: null,
  };
  const record: EnrolmentRecord = {
    enrolment,
    admitHash,
    name: request.name ?? null,
    state: 'open',
    expiresAt,
    request: null,
    mac: null,
    requestedAt: null,
    lostRaces: 0,
    device: caller.deviceId,
    signKey: null,
  };
  await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    requireRight(core, caller, 'enrol');
    const lifeMs = Date.parse(expiresAt) - core.clock.nowMs();
    if (lifeMs <= 0 || lifeMs > MAX_TOKEN_LIFE_MS) throw new FaultError(badExpiry(expiresAt, isoTime(core.clock)));
    return async (tx) => {
      if ((await tx.getEnrolment(admitHash)) !== undefined) throw new FaultError(registeredTwice());
      await tx.putEnrolment(record);
    };
  });
  return { enrolment, expiresAt };
}

/** A node asks to join. The first one that shows the admit part holds the token; any other is an alert. */
export async function requestEnrolment(
  core: Core,
  request: { admit: string; request: string; mac: string },
): Promise<{ enrolment: string }> {
  const admit = admitHashOf(request.admit);
  const act: Act = { actor: { kind: 'token', id: admit }, action: 'enrolment.request', subject: {}, envelope: null };
  let lost: EnrolmentRecord | null = null;
  try {
    const record = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
      const signKey = signKeyOfRequest(request.request);
      act.subject.signKey = signKey;
      return async (tx): Promise<EnrolmentRecord> => {
        const held = await tx.getEnrolment(admit);
        if (held === undefined) throw new FaultError(unknownToken());
        act.subject.enrolment = held.enrolment;
        if (Date.parse(held.expiresAt) <= core.clock.nowMs()) throw new FaultError(expiredToken(held.expiresAt));
        // The same node asks again, for instance after it was started again: that is no race.
        const isSame = held.request === request.request && held.mac === request.mac;
        if (isSame && (held.state === 'requested' || held.state === 'joined')) return held;
        if (held.state !== 'open') {
          lost = held;
          throw new FaultError(tokenUsed(held));
        }
        const requestedAt = isoTime(core.clock);
        const taken: EnrolmentRecord = {
          ...held,
          state: 'requested',
          request: request.request,
          mac: request.mac,
          requestedAt,
          signKey,
        };
        await tx.putEnrolment(taken);
        return taken;
      };
    });
    core.events.publish({ type: 'enrolment', data: enrolmentView(core, record) });
    return { enrolment: record.enrolment };
  } catch (error) {
    if (lost !== null) await countLostRace(core, admit);
    throw error;
  }
}

/** A node waits for its place in the trust log; answers at once when something changed. */
export async function waitEnrolment(
  core: Core,
  input: { admit: string },
  signal: AbortSignal,
): Promise<EnrolmentWaitResponse> {
  const admit = admitHashOf(input.admit);
  const read = () => core.store.durable.read.getEnrolment(admit);
  const changed = new AbortController();
  const waiting = core.enrolments.waitForChange(admit, WAIT_MS, AbortSignal.any([signal, changed.signal]));
  let record = await read();
  if (record === undefined) {
    changed.abort();
    throw new FaultError(unknownToken());
  }
  if (record.state === 'open' || record.state === 'requested') {
    await waiting;
    record = (await read()) ?? record;
  } else changed.abort();
  if (record.state === 'joined') return { status: 'joined', trust: [...core.trust.current().entries] as never };
  if (record.state === 'refused') return { status: 'refused', trust: [] };
  if (Date.parse(record.expiresAt) <= core.clock.nowMs()) throw new FaultError(expiredToken(record.expiresAt));
  return { status: 'waiting', trust: [] };
}

/** A device found that the node's proof does not fit the token. */
export async function refuseEnrolment(
  core: Core,
  caller: Caller,
  id: string,
  reason: string,
): Promise<{ state: 'refused' }> {
  const act: Act = {
    actor: actorOf(caller),
    action: 'enrolment.refuse',
    subject: { enrolment: id, reason },
    envelope: null,
  };
  const record = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    requireRight(core, caller, 'enrol');
    return async (tx) => {
      const held = (await tx.listEnrolments()).find((item) => item.enrolment === id);
      if (held === undefined || held.state === 'joined')
        throw new FaultError(notRefusable(id, held?.state ?? 'unknown'));
      const refused: EnrolmentRecord = { ...held, state: 'refused' };
      await tx.putEnrolment(refused);
      return refused;
    };
  });
  core.enrolments.changed(record.admitHash);
  core.events.publish({ type: 'enrolment', data: enrolmentView(core, record) });
  return { state: 'refused' };
}

/** After the trust log grew: enrolments whose node is now in it have ended well. */
export async function settleEnrolments(core: Core, applied: readonly Envelope[]): Promise<void> {
  const keys = new Set(applied.map(addedNodeKey).filter((key) => key !== undefined));
  if (keys.size === 0) return;
  const joined = await core.store.durable.write(async (tx) => {
    const waiting = (await tx.listEnrolments()).filter(
      (item) => item.state === 'requested' && keys.has(item.signKey ?? ''),
    );
    const changed = waiting.map((item): EnrolmentRecord => ({ ...item, state: 'joined' }));
    for (const record of changed) await tx.putEnrolment(record);
    return changed;
  });
  for (const record of joined) {
    core.enrolments.changed(record.admitHash);
    core.events.publish({ type: 'enrolment', data: enrolmentView(core, record) });
  }
}

/** An enrolment as devices see it. */
export function enrolmentView(core: Core, record: EnrolmentRecord): Enrolment {
  const { device: _, signKey: __, ...view } = record;
  const over =
    view.state === 'open' || view.state === 'requested' ? Date.parse(view.expiresAt) <= core.clock.nowMs() : false;
  return { ...view, state: over ? 'expired' : view.state };
}

async function countLostRace(core: Core, admit: string): Promise<void> {
  const record = await core.store.durable.write(async (tx) => {
    const held = await tx.getEnrolment(admit);
    if (held === undefined) return undefined;
    const counted = { ...held, lostRaces: held.lostRaces + 1 };
    await tx.putEnrolment(counted);
    return counted;
  });
  if (record === undefined) return;
  core.log.warn('Somebody tried a token that is used already', {
    enrolment: record.enrolment,
    lostRaces: record.lostRaces,
  });
  core.events.publish({ type: 'enrolment', data: enrolmentView(core, record) });
}

function admitHashOf(admit: string): string {
  const bytes = fromBase64Url(admit);
  if (bytes === undefined || bytes.length === 0) throw new FaultError(unknownToken());
  return hashOfAdmit(bytes);
}

function signKeyOfRequest(text: string): string {
  try {
    return nodeIdentitySchema.parse((JSON.parse(text) as { node?: unknown }).node).signKey;
  } catch {
    throw new FaultError(
      fault(
        'enrol.bad-request',
        'permanent',
        'request: it does not name the keys of a node.',
        'Update the node and join again.',
        {
          field: 'request',
        },
      ),
    );
  }
}

function addedNodeKey(envelope: Envelope): string | undefined {
  const payload = trustPayloadSchema.safeParse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')));
  if (!payload.success || payload.data.entry.kind !== 'add-node') return undefined;
  const node = nodeIdentitySchema.safeParse((payload.data.entry as { node?: unknown }).node);
  return node.success ? node.data.signKey : undefined;
}

function badExpiry(expiresAt: string, now: string) {
  return fault(
    'enrol.bad-expiry',
    'permanent',
    `expiresAt: ${expiresAt} is not within 24 h from now; the core's clock says ${now}.`,
    'Check the clocks of this device and of the core, then make a new token.',
    { field: 'expiresAt' },
  );
}

function registeredTwice() {
  return fault('enrol.registered', 'conflict', 'This token is registered already.', 'Make a new token.');
}

function unknownToken() {
  return fault(
    'enrol.unknown-token',
    'denied',
    'No token with this admit part is registered here.',
    'Check that the token is for this fleet, or make a new one: `overseer nodes token`.',
    { field: 'admit' },
  );
}

function expiredToken(expiresAt: string) {
  return fault(
    'enrol.token-expired',
    'denied',
    `The token ended at ${expiresAt}.`,
    'Make a new one on a device: `overseer nodes token`.',
    { field: 'admit' },
  );
}

function tokenUsed(held: EnrolmentRecord) {
  return fault(
    'enrol.token-used',
    'conflict',
    `Another node used this token first, at ${held.requestedAt ?? 'an unknown time'}.`,
    'If that was not you, refuse it on the device; then make a new token for each node.',
    { field: 'admit' },
  );
}

function notRefusable(id: string, state: string) {
  return fault(
    'enrol.not-open',
    'conflict',
    `Enrolment ${id} is ${state}, so it can not be refused.`,
    '`overseer nodes list` shows what has joined.',
  );
}

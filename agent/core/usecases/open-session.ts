import type { SessionResponse } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, unwrap } from '#shared/kernel/index.ts';
import { decideSession, type Envelope, openEnvelope, trustKeys } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { readEnvelopes } from './caller.ts';

/** Opens a session for a device that signed a fresh challenge of this core. */
export async function openSession(core: Core, input: unknown): Promise<SessionResponse> {
  const envelope = readEnvelopes([input])[0] as Envelope;
  const keyid = envelope.signatures[0]?.keyid ?? '';
  const act: Act = { actor: { kind: 'device', id: keyid || 'unknown' }, action: 'session.open', subject: {}, envelope };
  const opened = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const state = core.trust.current();
    if (state.fleet === '') throw new FaultError(notClaimed());
    const claim = unwrap(
      await openEnvelope(envelope, { kind: 'session', fleet: state.fleet, keys: trustKeys(state, 'device') }),
    );
    const { challenge } = claim.payload;
    // Spent also when the rest is refused: a challenge serves one try.
    if (!core.sessions.useChallenge(challenge)) throw new FaultError(staleChallenge());
    const session = unwrap(
      decideSession({ opened: claim, coreSpki: core.self.spki, challenge, state, now: core.clock.nowMs() }),
    );
    act.subject.expiresAt = session.expiresAt;
    return async () => session;
  });
  const session = core.sessions.open(opened.deviceId, Date.parse(opened.expiresAt));
  const head = await core.store.durable.read.auditHead();
  return { session, expiresAt: opened.expiresAt, auditHead: head?.hash ?? null };
}

/** A core without a fleet has no devices. */
export function notClaimed() {
  return fault(
    'core.not-claimed',
    'conflict',
    'This core has no fleet yet.',
    'Claim it with the setup code: `overseer device claim`.',
  );
}

function staleChallenge() {
  return fault(
    'session.stale-challenge',
    'denied',
    'The challenge was not made by this core, is used already or is older than a minute.',
    'Ask for a new challenge and sign that.',
    { field: 'envelope' },
  );
}

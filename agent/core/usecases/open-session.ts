import type { SessionResponse } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, unwrap } from '#shared/kernel/index.ts';
import { decideSession, type Envelope, openEnvelope, sessionKeys } from '#shared/trust/index.ts';
import { type Act, performAudited, UNPROVEN } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { notClaimed } from '../trust/trust-keeper.ts';
import { readEnvelopes } from './caller.ts';

/** Opens a session for a device that signed a fresh challenge of this core. */
export async function openSession(core: Core, input: unknown): Promise<SessionResponse> {
  const envelope = readEnvelopes([input])[0] as Envelope;
  const act: Act = { actor: { kind: 'device', id: UNPROVEN }, action: 'session.open', subject: {}, envelope };
  let claimed: { deviceId: string; expiresAt: string } | undefined;
  try {
    await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
      claimed = await checkClaim(core, envelope, (id) => {
        act.actor = { kind: 'device', id };
      });
      act.subject.expiresAt = claimed.expiresAt;
      return async () => undefined;
    });
  } catch (error) {
    // P5: a full disk must not hide from its owner what there is. Whatever this session changes needs an entry of its own, and is refused.
    const isFull = error instanceof FaultError && error.fault.code === 'store.disk-full';
    if (!isFull || claimed === undefined) throw error;
    core.log.warn('A session was opened that the full disk could not write down', { device: claimed.deviceId });
  }
  const opened = claimed as { deviceId: string; expiresAt: string };
  const session = core.sessions.open(opened.deviceId, Date.parse(opened.expiresAt));
  const head = await core.store.durable.read.auditHead();
  return { session, expiresAt: opened.expiresAt, auditHead: head?.hash ?? null };
}

/** `onProven` is told whose signature it is as soon as that is known. */
async function checkClaim(
  core: Core,
  envelope: Envelope,
  onProven: (keyId: string) => void,
): Promise<{ deviceId: string; expiresAt: string }> {
  const state = core.trust.current();
  if (state.fleet === '') throw new FaultError(notClaimed());
  const claim = unwrap(await openEnvelope(envelope, { kind: 'session', fleet: state.fleet, keys: sessionKeys(state) }));
  onProven(claim.signer);
  const { challenge } = claim.payload;
  // Spent also when the rest is refused: a challenge serves one try.
  if (!core.sessions.useChallenge(challenge)) throw new FaultError(staleChallenge());
  return unwrap(decideSession({ opened: claim, coreSpki: core.self.spki, challenge, state, now: core.clock.nowMs() }));
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

import { equalBytes, err, fault, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import type { Opened } from '../envelopes/open-envelope.ts';
import { keyIdOf } from '../keys/key-id.ts';
import { decideDeviceMay, rightEndsAtMs } from '../log/permissions.ts';
import { everyTrustKey, type TrustState } from '../log/state.ts';
import type { TrustView } from '../log/view.ts';
import type { SessionClaim } from './claim.ts';

/** A session lasts at most this long: 15 min. */
export const MAX_SESSION_MS = 15 * 60_000;

const CLOCK_SKEW_MS = 60_000;

/** SES-1..SES-4: does this answer open a session? The core must have made the challenge itself and use it once. */
export function decideSession(about: {
  readonly opened: Opened<SessionClaim>;
  /** hex SHA-256 of this core's own SubjectPublicKeyInfo. */
  readonly coreSpki: string;
  readonly challenge: string;
  readonly state: TrustState;
  /** The core's clock, in milliseconds. */
  readonly now: number;
}): Result<{ deviceId: string; expiresAt: string }> {
  const { payload, signer } = about.opened;
  const clock = `the core's clock says ${new Date(about.now).toISOString()}`;
  if (payload.fleet !== about.state.fleet)
    return refuse('session.wrong-fleet', 'fleet', 'it is for another fleet', 'claim or choose the right core');
  if (payload.coreSpki !== about.coreSpki)
    return refuse(
      'session.wrong-core',
      'coreSpki',
      'the device saw another core than this one',
      'check who answers at this address: something stands between device and core',
    );
  if (!equalBytes(utf8(payload.challenge), utf8(about.challenge)))
    return refuse('session.wrong-challenge', 'challenge', 'it answers another challenge', 'ask for a new challenge');
  if (!isRecoveryKey(about.state, signer)) {
    if (about.state.nodes.has(signer))
      return refuse('session.not-a-device', 'signer', `${signer} is no device`, 'enrol the device');
    const may = decideDeviceMay(about.state, signer, 'read', { now: about.now });
    if (!may.ok) return may;
  }
  const expiresMs = Date.parse(payload.expiresAt);
  if (expiresMs <= about.now)
    return refuse('session.expired', 'expiresAt', `it ended at ${payload.expiresAt}, ${clock}`, CLOCKS);
  if (expiresMs > about.now + MAX_SESSION_MS + CLOCK_SKEW_MS)
    return refuse('session.too-long', 'expiresAt', `it would last until ${payload.expiresAt}, ${clock}`, CLOCKS);
  const rightEndsMs = rightEndsAtMs(about.state, signer, 'read', { now: about.now }) ?? expiresMs;
  const ceiling = new Date(Math.min(expiresMs, about.now + MAX_SESSION_MS, rightEndsMs)).toISOString();
  return ok({ deviceId: signer, expiresAt: ceiling });
}

/**
 * SES-4: devices that may read at `now` (ms), and the recovery key: who holds the words alone must reach the log to
 * extend it.
 */
export function mayHoldSession(state: TrustView, keyId: string, now: number): boolean {
  return isRecoveryKey(state, keyId) || decideDeviceMay(state, keyId, 'read', { now }).ok;
}

/** The `keys` of openEnvelope for a claim. Revoked devices are in it so that decideSession can say why it refuses. */
export function sessionKeys(state: TrustView): (keyId: string) => string | undefined {
  return everyTrustKey(state, 'device');
}

function isRecoveryKey(state: TrustView, keyId: string): boolean {
  return state.recovery !== null && keyIdOf(state.recovery.signKey) === keyId;
}

const CLOCKS = 'check the clocks of device and core; a session lasts at most 15 minutes';

function refuse(code: string, field: string, why: string, next: string): Result<never> {
  return err(fault(code, 'denied', `the session claim is refused: ${why}`, next, { field }));
}

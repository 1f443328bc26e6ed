import type { Clock, Result } from '#shared/kernel/index.ts';
import { err, fault, ok } from '#shared/kernel/index.ts';
import { type Signer, signEnvelope } from '#shared/trust/index.ts';
import type { CoreClient } from './core-client.ts';

/** How long a session should last, in milliseconds; the core allows at most 15 minutes. */
const SESSION_MS = 14 * 60_000;

export interface SessionContext {
  readonly signer: Signer;
  readonly clock: Clock;
  readonly fleet: string;
  /** Hex SHA-256 of the core's key, read at each challenge. */
  readonly coreSpki: () => string;
  /** Heads for the envelope's common fields, read when it is signed. */
  readonly heads: () => { trustHead: string | null; auditHead: string | null };
}

/**
 * Keeps one session in memory and nowhere else: signs the core's fresh challenge at first use and again when the
 * core no longer knows it. The claim names the core's key, so another server can not use it.
 */
export function createSession(
  context: SessionContext,
): (client: CoreClient, fresh: boolean) => Promise<Result<string>> {
  let open: { session: string; untilMs: number } | undefined;
  return async (client, fresh) => {
    if (open && !fresh && open.untilMs > context.clock.nowMs() + 10_000) return ok(open.session);
    const challenge = await client.call('createChallenge', { body: {} });
    if (!challenge.ok) return challenge;
    const { value } = challenge;
    if (value.coreSpki !== context.coreSpki() || value.fleet !== context.fleet) {
      return err(
        fault(
          'core.other-fleet',
          'denied',
          value.fleet === null ? 'this core has not been claimed' : 'this core belongs to another fleet',
          'Check the address. A core that was set up anew must be claimed again, on purpose, from an empty OVERSEER_HOME.',
        ),
      );
    }
    const expiresAt = new Date(context.clock.nowMs() + SESSION_MS).toISOString();
    const envelope = await signEnvelope(
      'session',
      {
        fleet: context.fleet,
        ...context.heads(),
        coreSpki: value.coreSpki,
        challenge: value.challenge,
        expiresAt,
      },
      context.signer,
    );
    const session = await client.call('createSession', { body: { envelope } });
    if (!session.ok) return session;
    open = { session: session.value.session, untilMs: Date.parse(session.value.expiresAt) };
    return ok(open.session);
  };
}

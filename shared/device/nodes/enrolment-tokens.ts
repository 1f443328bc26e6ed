import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { admitHash, createEnrolmentToken, deriveAdmit, type EnrolmentToken } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';

/** Tokens of this device by the hash that the core knows them by. */
export type TokensByHash = ReadonlyMap<string, EnrolmentToken>;

/** Takes what the core's trust log has and this device's has not. */
export async function levelTrust(fleet: Fleet): Promise<Result<void>> {
  const log = await fleet.client.call('getTrust');
  return log.ok ? fleet.takeTrust(log.value.entries) : log;
}

/** Makes a token and lets the core know of it; it is good for one node and `minutes`. */
export async function registerToken(
  context: DeviceContext,
  fleet: Fleet,
  about: { name: string | undefined; minutes: number },
): Promise<Result<{ token: string; parsed: EnrolmentToken }>> {
  const { name } = about;
  const core = fleet.trust().core;
  if (core === null) return err(noCore());
  const expiresAt = new Date(context.clock.nowMs() + about.minutes * 60_000).toISOString();
  const made = createEnrolmentToken(
    { addresses: core.addresses, coreSpki: core.tlsSpki, genesis: fleet.config.fleet, expiresAt },
    context.random,
  );
  // Kept before anybody can use it, so that a cut-off wait can be taken up again.
  await fleet.store.saveToken({ token: made.parsed, name: name ?? null });
  const body = { admitHash: admitHash(await deriveAdmit(made.parsed)), expiresAt, ...(name ? { name } : {}) };
  const registered = await fleet.client.call('registerToken', { body });
  return registered.ok ? ok(made) : registered;
}

/** The tokens of this device that have not expired. */
export async function openTokens(context: DeviceContext, fleet: Fleet): Promise<EnrolmentToken[]> {
  const nowMs = context.clock.nowMs();
  return (await fleet.store.tokens()).map(({ token }) => token).filter((token) => Date.parse(token.expiresAt) > nowMs);
}

/** Tokens by the hash that the core knows them by. */
export async function tokensByHash(tokens: readonly EnrolmentToken[]): Promise<TokensByHash> {
  const byHash = new Map<string, EnrolmentToken>();
  for (const token of tokens) byHash.set(admitHash(await deriveAdmit(token)), token);
  return byHash;
}

function noCore() {
  return fault(
    'trust.no-core',
    'conflict',
    'the trust log does not say which core counts',
    'Two cores claim the same epoch: sign one of them in first.',
  );
}

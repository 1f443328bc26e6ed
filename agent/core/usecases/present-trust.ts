import type { TrustHeadsResponse } from '#shared/contracts/rest/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { type Envelope, everyTrustKey, openEnvelope, type TrustState } from '#shared/trust/index.ts';
import { UNPROVEN } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { notClaimed } from '../trust/trust-keeper.ts';

/**
 * LOG-17: takes entries from who has no session, as an elder that was revoked. The log itself says whether they count, as it
 * does for a peer of the link that nobody knows. What is known already is answered without an audit entry: whoever sends it
 * again is not the device that signed it.
 */
export async function presentTrust(core: Core, entries: readonly Envelope[]): Promise<TrustHeadsResponse> {
  const first = entries.find((entry) => core.trust.isNews([entry]));
  if (first === undefined) return { heads: [...core.trust.current().heads] };
  const checked = await checkKnownKey(core.trust.current(), first);
  // What nobody's signature proves is nobody's act.
  const id = checked.ok ? (first.signatures[0]?.keyid ?? UNPROVEN) : UNPROVEN;
  const by = { actor: { kind: 'device', id }, action: 'trust.extend' } as const;
  const state = await core.trust.extend(entries, by, undefined, checked);
  return { heads: [...state.heads] };
}

/** Signed by a key that the log has ever named: what strangers make up costs one signature, not a walk through the log. */
async function checkKnownKey(state: TrustState, entry: Envelope): Promise<Result<void>> {
  if (state.fleet === '') return err(notClaimed());
  const opened = await openEnvelope(entry, { kind: 'trust', fleet: state.fleet, keys: everyTrustKey(state, 'device') });
  return opened.ok ? ok() : opened;
}

import type { TrustHeadsResponse } from '#shared/contracts/rest/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';

/**
 * LOG-17: takes entries from who has no session, as an elder that was revoked. The log itself says whether they count, as it
 * does for a peer of the link that nobody knows. What is known already is answered without an audit entry: whoever sends it
 * again is not the device that signed it.
 */
export async function presentTrust(core: Core, entries: readonly Envelope[]): Promise<TrustHeadsResponse> {
  const first = entries.find((entry) => core.trust.isNews([entry]));
  if (first === undefined) return { heads: [...core.trust.current().heads] };
  const id = first.signatures[0]?.keyid ?? 'unknown';
  const state = await core.trust.extend(entries, { actor: { kind: 'device', id }, action: 'trust.extend' });
  return { heads: [...state.heads] };
}

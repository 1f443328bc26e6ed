import type { Envelope } from '../envelopes/envelope.ts';
import { signEnvelope } from '../envelopes/sign-envelope.ts';
import type { Signer } from '../keys/signing-key.ts';
import { chooseParents } from './choose-parents.ts';
import type { TrustEntry } from './entries.ts';
import type { TrustState } from './state.ts';

/**
 * Signs an entry on top of all heads of the state; on an empty state it can only be the genesis. Apply the answer with
 * applyTrustEntries before sending it: that tells whether everybody else will take it. `at` is ISO 8601.
 */
export function signTrustEntry(
  state: TrustState,
  entry: TrustEntry,
  signer: Signer,
  about: { readonly at: string; readonly auditHead: string | null },
): Promise<Envelope> {
  const genesis = entry.kind === 'genesis';
  return signEnvelope(
    'trust',
    {
      fleet: genesis ? '' : state.fleet,
      trustHead: genesis ? null : state.head,
      auditHead: about.auditHead,
      parents: genesis ? [] : chooseParents(state),
      at: about.at,
      entry,
    },
    signer,
  );
}

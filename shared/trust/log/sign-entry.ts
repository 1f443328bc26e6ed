import type { Envelope } from '../envelopes/envelope.ts';
import { signEnvelope } from '../envelopes/sign-envelope.ts';
import type { Signer } from '../keys/signing-key.ts';
import { MAX_PARENTS, type TrustEntry } from './entries.ts';
import type { TrustState } from './state.ts';

/**
 * LOG-25: all heads, or of more than an entry takes those that count first: a key that forks the log into many heads must
 * not keep its owner from answering.
 */
function parentsOf({ heads, voided }: TrustState): readonly string[] {
  const isVoid = new Set(voided);
  return [...heads.filter((head) => !isVoid.has(head)), ...heads.filter((head) => isVoid.has(head))].slice(
    0,
    MAX_PARENTS,
  );
}

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
      parents: genesis ? [] : parentsOf(state),
      at: about.at,
      entry,
    },
    signer,
  );
}

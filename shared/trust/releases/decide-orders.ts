import { ok, type Result } from '#shared/kernel/index.ts';
import { decideDeviceMay, type OrderScope } from '../log/permissions.ts';
import type { TrustView } from '../log/view.ts';

/** What releases of an app order. */
const RELEASE_VERBS = ['deploy', 'rollback', 'stop', 'start', 'remove'] as const;

/** REL-7: may this device sign releases here at all? Which of them, its body says. */
export function decideMayRelease(state: TrustView, signer: string, scope: OrderScope): Result<void> {
  return decideAny(state, signer, RELEASE_VERBS, scope);
}

/**
 * REL-18: may this signer do all that a release does? Each order is the verbs of which one is enough; the domain reads
 * them from the body.
 */
export function decideOrdersMay(about: {
  readonly state: TrustView;
  readonly signer: string;
  readonly orders: readonly (readonly string[])[];
  readonly scope: OrderScope;
}): Result<void> {
  const { state, signer, orders, scope } = about;
  for (const order of orders) {
    const may = decideAny(state, signer, order, scope);
    if (!may.ok) return may;
  }
  return ok();
}

/** The refusal is that of the first verb, which says most. */
function decideAny(state: TrustView, signer: string, verbs: readonly string[], scope: OrderScope): Result<void> {
  const answers = verbs.map((verb) => decideDeviceMay(state, signer, verb, scope));
  return answers.find((answer) => answer.ok) ?? answers[0] ?? ok();
}

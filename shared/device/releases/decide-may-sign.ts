import { judgeContent, ordersOf, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import {
  contentLimitsOf,
  decideBodyMay,
  decideDeviceMay,
  decideOrdersMay,
  type TrustState,
} from '#shared/trust/index.ts';
import type { ChangeDraft } from './sign-change.ts';

/** A release that a device is about to sign. */
export interface WantedRelease {
  readonly state: TrustState;
  readonly signer: string;
  readonly verb: ChangeDraft['verb'];
  readonly appId: string;
  readonly node: string;
  readonly body: ReleaseBody;
  /** Body of the last signed release; null where there is none. */
  readonly base: ReleaseBody | null;
  readonly now: number;
}

/**
 * Whether core and node will take this device's signature, by its role and by its grants with their limits. They judge
 * again, and a node knows better what runs on it: this only spares a person a refusal.
 */
export function decideMaySign(wanted: WantedRelease): Result<void> {
  const { state, signer, verb, appId, node, body, base, now } = wanted;
  const scope = { node, appId, now };
  const exceptions = base?.kind === 'app' ? base.exceptions : [];
  const may = decideBodyMay({ state, signer, body, base: { kind: base?.kind ?? null, exceptions } });
  if (!may.ok || body.kind !== 'app') return may.ok ? decideDeviceMay(state, signer, verb, scope) : may;
  // What comes back by a rollback was read from an earlier release.
  const orders = ordersOf(body, { accepted: base, running: base, isEarlier: verb === 'rollback' });
  const does = decideOrdersMay({ state, signer, orders, scope });
  if (!does.ok) return does;
  const limits = orders.map((order) => contentLimitsOf(state, signer, order, scope)).find((one) => one !== undefined);
  if (limits === undefined) return ok();
  const judged = limits.map((limit) => judgeContent(base, body, limit));
  return judged.find((one) => one.ok) ?? judged[0] ?? judgeContent(null, body, {});
}

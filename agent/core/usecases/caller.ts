import { FaultError, fault, unwrap } from '#shared/kernel/index.ts';
import { decideDeviceMay, type Envelope, isWithinToken, outsideToken, parseEnvelope } from '#shared/trust/index.ts';
import type { Actor } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { HeldToken } from '../tokens/token-book.ts';

/** A device with an open session. */
export interface Caller {
  readonly deviceId: string;
}

/** The holder of an API token: may look and propose, never order (TOK-6). */
export interface TokenCaller {
  readonly held: HeldToken;
}

/** Whoever may ask. */
export type Asker = Caller | TokenCaller;

/** The caller as the audit names it. */
export function actorOf(asker: Asker): Actor {
  return 'held' in asker ? { kind: 'token', id: asker.held.tokenId } : { kind: 'device', id: asker.deviceId };
}

/** Throws unless the trust log lets this device do this. */
export function requireRight(
  core: Core,
  caller: Caller,
  verb: string,
  scope: { node?: string; appId?: string } = {},
): void {
  unwrap(decideDeviceMay(core.trust.current(), caller.deviceId, verb, { ...scope, now: core.clock.nowMs() }));
}

/** What of the fleet an asker gets to see. Devices see all: they hold desired state themselves. */
export interface Reach {
  readonly isAll: boolean;
  app(appId: string, node: string | null): boolean;
  node(nodeId: string): boolean;
}

/** TOK-4: the reach of a device is everything, that of a token what it names. Throws for a token that may not read. */
export function reachOf(asker: Asker): Reach {
  if (!('held' in asker)) return { isAll: true, app: () => true, node: () => true };
  const { token } = asker.held;
  if (!token.verbs.includes('read')) throw new FaultError(outsideToken(token, 'read'));
  return {
    isAll: false,
    app: (appId, node) => isWithinToken(token, 'read', { appId, node }),
    node: (nodeId) => token.nodes?.includes(nodeId) ?? true,
  };
}

/** The device behind a call that orders or edits. Throws for a token. */
export function requireDevice(asker: Asker): Caller {
  if ('held' in asker) throw new FaultError(proposesOnly());
  return asker;
}

/** TOK-6: said of an order that comes with a token instead of a session. */
export function proposesOnly() {
  return fault(
    'token.proposes-only',
    'denied',
    'An API token reads and proposes; it neither orders nor edits.',
    'Send `{"proposal": …}` without an envelope and let a device accept it, or do this on a device.',
  );
}

/** Envelopes of a request, each well-formed: what is not is refused before anything looks inside. */
export function readEnvelopes(inputs: readonly unknown[]): Envelope[] {
  return inputs.map((input) => unwrap(parseEnvelope(input)));
}

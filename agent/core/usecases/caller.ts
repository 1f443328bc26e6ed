import { unwrap } from '#shared/kernel/index.ts';
import { decideDeviceMay, type Envelope, parseEnvelope } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';

/** A device with an open session. */
export interface Caller {
  readonly deviceId: string;
}

/** The caller as the audit names it. */
export function actorOf(caller: Caller) {
  return { kind: 'device' as const, id: caller.deviceId };
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

/** Envelopes of a request, each well-formed: what is not is refused before anything looks inside. */
export function readEnvelopes(inputs: readonly unknown[]): Envelope[] {
  return inputs.map((input) => unwrap(parseEnvelope(input)));
}

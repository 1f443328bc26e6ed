import { err, ok, type Result, sha256Hex } from '#shared/kernel/index.ts';
import type { Opened } from '../envelopes/open-envelope.ts';
import type { TrustState } from '../log/state.ts';
import { decideMayRelease } from './decide-orders.ts';
import type { ReleaseFloor, ReleaseOutcome } from './floor.ts';
import { outcomeKey } from './floor.ts';
import type { ReleaseHeader } from './header.ts';
import * as refuse from './refusals.ts';

export type OpenedHeader = Opened<ReleaseHeader>;

/** Headers in one chain, and so the most that a number may rise at once. */
export const MAX_CHAIN = 1_000;

/** Largest body, in bytes. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** How far ahead of this node's clock acceptBy may lie: 7 d. */
export const MAX_ACCEPT_MS = 7 * 24 * 3_600_000;

/** Clocks of device and node may differ by this much at the ceiling. */
const CLOCK_SKEW_MS = 10 * 60_000;

export interface ReleaseQuestion {
  readonly floor: ReleaseFloor;
  /** Oldest first, from just above the floor (headers at or below it may be there too) up to the release itself. */
  readonly chain: readonly OpenedHeader[];
  /** Exact body bytes of the last header. */
  readonly body: Uint8Array;
  readonly state: TrustState;
  /** nodeId of this node. */
  readonly node: string;
  /** This node's clock, in milliseconds. */
  readonly now: number;
}

/** `known: 'accepted'`: the same bytes are being applied right now, or were when the node stopped. */
export type ReleaseDecision =
  | { readonly accept: OpenedHeader; readonly known?: never }
  | { readonly known: ReleaseOutcome | 'accepted'; readonly accept?: never };

/**
 * REL-1..REL-9, REL-16: may this node take this release? Changes nothing; a refusal advances nothing. What the body orders
 * is asked once it is read: decideOrdersMay, decideBodyMay.
 */
export function decideRelease(question: ReleaseQuestion): Result<ReleaseDecision> {
  const { floor, chain, body, state, node, now } = question;
  const last = chain.at(-1);
  if (!last || chain.length > MAX_CHAIN) return err(refuse.badChain(`it has ${chain.length} headers`));
  if (state.revokedNodes.has(node)) return err(refuse.revokedNode(node));
  for (const { payload } of chain) {
    if (payload.fleet !== state.fleet) return err(refuse.wrongFleet(payload.fleet, state.fleet));
    if (payload.node !== node) return err(refuse.wrongNode(payload.node, node));
    if (payload.appId !== last.payload.appId) return err(refuse.badChain('it mixes two apps'));
  }

  const known = knownOutcome(floor, last);
  if (known) return ok({ known });
  const above = chainAboveFloor(floor, chain);
  if (!above.ok) return above;

  const may = decideMayRelease(state, last.signer, { node, appId: last.payload.appId, now });
  if (!may.ok) return may;
  const acceptByMs = Date.parse(last.payload.acceptBy);
  if (acceptByMs <= now) return err(refuse.expired(last.payload, now));
  const signedLifeMs = acceptByMs - Date.parse(last.payload.issuedAt);
  // Both: issuedAt is only what the signer says, and the node's clock alone may be behind.
  if (acceptByMs - now > MAX_ACCEPT_MS + CLOCK_SKEW_MS || signedLifeMs > MAX_ACCEPT_MS)
    return err(refuse.acceptByTooFar(last.payload, now));
  if (body.length > MAX_BODY_BYTES) return err(refuse.bodyTooLarge(body.length, MAX_BODY_BYTES));
  const hash = sha256Hex(body);
  return hash === last.payload.body ? ok({ accept: last }) : err(refuse.bodyMismatch(hash, last.payload.body));
}

/** REL-5: the same bytes again are answered with what is known, whatever the clock says. */
function knownOutcome(floor: ReleaseFloor, header: OpenedHeader): ReleaseOutcome | 'accepted' | undefined {
  const key = outcomeKey(header.payload.number, header.itemHash);
  if (Object.hasOwn(floor.outcomes, key)) return floor.outcomes[key];
  const { accepted, running } = floor;
  if (running?.header === header.itemHash) return 'succeeded';
  return accepted?.header === header.itemHash ? 'accepted' : undefined;
}

/** REL-2..REL-4: the part above the floor, complete and linked by hash from the floor's own header. */
function chainAboveFloor(floor: ReleaseFloor, chain: readonly OpenedHeader[]): Result<readonly OpenedHeader[]> {
  const at = floor.accepted ?? { number: 0, header: null };
  const last = chain.at(-1);
  if (last && last.payload.number < at.number) return err(refuse.belowFloor(last.payload.number, at.number, at.header));
  const rival = chain.find((header) => header.payload.number === at.number && header.itemHash !== at.header);
  if (rival) return err(refuse.numberTaken(at.number, at.header));
  const above = chain.filter((header) => header.payload.number > at.number);
  const rise = (last?.payload.number ?? 0) - at.number;
  if (rise > above.length) return err(refuse.chainIncomplete(rise, above.length, at.number));
  let { number, header: previous } = at as { number: number; header: string | null };
  for (const { payload, itemHash } of above) {
    if (payload.number !== number + 1)
      return err(refuse.badChain(`number ${payload.number} comes where ${number + 1} belongs`));
    if (payload.previous !== previous)
      return err(
        number === at.number
          ? refuse.numberTaken(at.number, at.header)
          : refuse.badChain(`number ${payload.number} names another header as its previous`),
      );
    number = payload.number;
    previous = itemHash;
  }
  return ok(above);
}

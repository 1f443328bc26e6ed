import { type Fault, fault } from '#shared/kernel/index.ts';
import type { ReleaseHeader } from './header.ts';

// The refusals of decideRelease, in the order it asks. A clash carries the floor, so that the device can show it.

/** The release is for another fleet. */
export function wrongFleet(got: string, want: string): Fault {
  return fault(
    'release.wrong-fleet',
    'denied',
    `the release is for fleet ${got.slice(0, 12)}, this node belongs to ${want.slice(0, 12)}`,
    'send it to a node of its own fleet',
    { field: 'fleet' },
  );
}

/** The release is for another node. */
export function wrongNode(got: string, want: string): Fault {
  return fault(
    'release.wrong-node',
    'denied',
    `the release is for node ${got}, this is ${want}`,
    'sign a release for this node',
    { field: 'node' },
  );
}

/** REL-16, CMD-7: this node was revoked. */
export function revokedNode(node: string): Fault {
  return fault(
    'node.revoked',
    'denied',
    `this node (${node}) was revoked by its fleet`,
    'if it is to be used again, reset it and let it join anew with a token',
  );
}

/** The headers do not follow each other; `why` says at which point. */
export function badChain(why: string): Fault {
  return fault(
    'release.bad-chain',
    'denied',
    `the header chain is refused: ${why}`,
    'send every header above the floor once, oldest first',
    { field: 'chain' },
  );
}

/** Headers between the floor and the release are missing: `rise` numbers, `given` headers. */
export function chainIncomplete(rise: number, given: number, floorNumber: number): Fault {
  return fault(
    'release.chain-incomplete',
    'denied',
    `the number rises by ${rise}, the chain holds ${given} headers above number ${floorNumber}`,
    'send every header above the floor',
    { field: 'chain', detail: { floorNumber: String(floorNumber) } },
  );
}

/** Something newer was accepted before; carries the floor. */
export function belowFloor(number: number, floorNumber: number, floorHeader: string | null): Fault {
  return fault(
    'release.below-floor',
    'conflict',
    `number ${number} is older than number ${floorNumber}, which this node has accepted`,
    'look at what the node accepted last, then sign a release on top of it',
    { field: 'number', detail: floorDetail(floorNumber, floorHeader) },
  );
}

/** Another release has this number already; the first one stands; carries the floor. */
export function numberTaken(floorNumber: number, floorHeader: string | null): Fault {
  return fault(
    'release.number-taken',
    'conflict',
    `this node has accepted another release as number ${floorNumber}; the first one stands`,
    'look at what the node accepted, then sign a release on top of it',
    { field: 'number', detail: floorDetail(floorNumber, floorHeader) },
  );
}

/** `acceptBy` is past by this node's clock (`now`, ms). */
export function expired(header: ReleaseHeader, now: number): Fault {
  return fault(
    'release.expired',
    'denied',
    `acceptBy is ${header.acceptBy}, this node's clock says ${new Date(now).toISOString()}`,
    "sign the change again; if the node's clock is wrong, set it first",
    { field: 'acceptBy' },
  );
}

/** `acceptBy` is beyond this node's ceiling (`now`, ms). */
export function acceptByTooFar(header: ReleaseHeader, now: number): Fault {
  return fault(
    'release.accept-by-too-far',
    'denied',
    `acceptBy is ${header.acceptBy}, more than 7 days after this node's clock, ${new Date(now).toISOString()}`,
    'check both clocks, then sign it again with an acceptBy within 7 days',
    { field: 'acceptBy' },
  );
}

/** The body is over the cap, both in bytes. */
export function bodyTooLarge(size: number, max: number): Fault {
  return fault(
    'release.body-too-large',
    'permanent',
    `the body has ${size} bytes, at most ${max} are taken`,
    'move large files into an image or a volume',
    { field: 'body' },
  );
}

/** The body is not the one the header names; both as hex SHA-256. */
export function bodyMismatch(got: string, want: string): Fault {
  return fault(
    'release.body-mismatch',
    'denied',
    `the body hashes to ${got}, the header names ${want}`,
    'send the exact bytes that were signed',
    { field: 'body' },
  );
}

function floorDetail(number: number, header: string | null): Readonly<Record<string, string>> {
  return { floorNumber: String(number), floorHeader: header ?? '' };
}

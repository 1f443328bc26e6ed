import {
  contentHashOf,
  judgeContent,
  ordersOf,
  type ReleaseBody,
  type ReleaseOrder,
  releaseBodySchema,
} from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import {
  contentLimitsOf,
  decideBodyMay,
  decideOrdersMay,
  decideRelease,
  type Envelope,
  everyTrustKey,
  type OpenedHeader,
  type OwnerBase,
  openEnvelope,
  parseEnvelope,
  parseStrictJson,
  type ReleaseFloor,
  type ReleaseOutcome,
  type TrustState,
} from '#shared/trust/index.ts';

/** Largest body, in bytes: also the limit of shared/trust. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

export interface IncomingRelease {
  readonly appId: string;
  readonly chain: readonly Envelope[];
  readonly body: Uint8Array;
}

export type VerifiedRelease =
  | { readonly accept: OpenedHeader; readonly envelope: Envelope; readonly body: ReleaseBody }
  | { readonly known: ReleaseOutcome | 'accepted'; readonly header: string };

/** What this node knows of an app when a release of it comes. */
export interface ReleaseContext {
  readonly floor: ReleaseFloor;
  readonly base: OwnerBase;
  readonly state: TrustState;
  readonly node: string;
  readonly now: number;
  /** Body of the accepted release; null where there is none or it can not be read. */
  readonly previous: () => ReleaseBody | null;
  /** Body of the last release that succeeded, likewise. */
  readonly running: () => ReleaseBody | null;
  /** Whether a body with this hash, or with this content, was accepted for the app before. */
  readonly isEarlierBody: (hash: string, content: string) => boolean;
}

/** REL-17, REL-18: what the body does, and to which content, is what its signer may. */
function decideWhatItDoes(last: OpenedHeader, body: ReleaseBody, about: ReleaseContext): Result<void> {
  const { state, node, now } = about;
  const scope = { node, appId: last.payload.appId, now };
  const orders = ordersOf(body, {
    accepted: about.previous(),
    running: about.running(),
    isEarlier: about.isEarlierBody(last.payload.body, contentHashOf(body)),
  });
  const may = decideOrdersMay({ state, signer: last.signer, orders, scope });
  return may.ok ? decideContent(last, body, orders, about) : may;
}

/** REL-17: a signer with narrow grants only changes what they name, against the body that this node has accepted. */
function decideContent(
  last: OpenedHeader,
  body: ReleaseBody,
  orders: readonly ReleaseOrder[],
  about: ReleaseContext,
): Result<void> {
  const { state, node, now, floor } = about;
  const scope = { node, appId: last.payload.appId, now };
  const limits = orders
    .map((order) => contentLimitsOf(state, last.signer, order, scope))
    .find((one) => one !== undefined);
  if (limits === undefined) return ok();
  const previous = floor.accepted?.header === last.payload.previous ? about.previous() : null;
  const judged = limits.map((limit) => judgeContent(previous, body, limit));
  return judged.find(({ ok: fits }) => fits) ?? judged[0] ?? judgeContent(previous, body, {});
}

/**
 * P1: decides whether this node takes a release. Opens every header with the keys of the trust log, asks
 * trust.decideRelease, then reads the body and asks whether its signer may order that. Changes nothing.
 */
export async function verifyRelease(
  incoming: IncomingRelease,
  about: ReleaseContext,
): Promise<Result<VerifiedRelease>> {
  const chain: OpenedHeader[] = [];
  const { state } = about;
  // Also keys that were revoked: the last signer vouches for the headers below his own, and is asked about himself.
  const keys = everyTrustKey(state, 'device');
  for (const raw of incoming.chain) {
    const parsed = parseEnvelope(raw);
    if (!parsed.ok) return parsed;
    const opened = await openEnvelope(parsed.value, { kind: 'release', fleet: state.fleet, keys });
    if (!opened.ok) return opened;
    chain.push(opened.value);
  }
  const decided = decideRelease({
    floor: about.floor,
    chain,
    body: incoming.body,
    state,
    node: about.node,
    now: about.now,
  });
  if (!decided.ok) return decided;
  const last = chain.at(-1);
  const envelope = incoming.chain.at(-1);
  if (last === undefined || envelope === undefined || last.payload.appId !== incoming.appId) return err(wrongApp());
  if (decided.value.known !== undefined) return ok({ known: decided.value.known, header: last.itemHash });
  const body = parseBody(incoming.body);
  if (!body.ok) return body;
  const may = decideBodyMay({ state, signer: last.signer, body: body.value, base: about.base });
  if (!may.ok) return may;
  const does = decideWhatItDoes(last, body.value, about);
  return does.ok ? ok({ accept: last, envelope, body: body.value }) : does;
}

/** Reads the exact bytes of a body. Fault `release.bad-body` names the field. */
export function parseBody(bytes: Uint8Array): Result<ReleaseBody> {
  const json = parseStrictJson(bytes, { maxBytes: MAX_BODY_BYTES });
  if (!json.ok) return err(badBody('(whole)', json.error.message));
  const read = releaseBodySchema.safeParse(json.value);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  return err(badBody(issue?.path.join('.') || '(whole)', issue?.message ?? 'does not fit'));
}

function badBody(field: string, why: string) {
  return fault(
    'release.bad-body',
    'permanent',
    `the release's body is refused: ${field}: ${why}`,
    'deploy again from an up-to-date device; update this node if the device is newer',
    { field },
  );
}

function wrongApp() {
  return fault(
    'release.bad-chain',
    'denied',
    'the message names another app than the signed header',
    'nothing: the core must send what was signed',
    { field: 'appId' },
  );
}

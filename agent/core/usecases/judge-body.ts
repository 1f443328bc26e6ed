import { contentHashOf, judgeContent, ordersOf, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { ok, type Result, unwrap } from '#shared/kernel/index.ts';
import {
  contentLimitsOf,
  decideBodyMay,
  decideOrdersMay,
  type GrantedException,
  isOwnerDevice,
  isOwnersRelease,
  type OpenedHeader,
  type OwnerBase,
  type TrustState,
} from '#shared/trust/index.ts';
import { parseReleaseBody } from '../jobs/release-message.ts';
import type { DurableReads } from '../store/port.ts';

/** Headers that are looked at for what an owner granted; further back only the node knows. */
const MAX_WALK = 100;

/**
 * REL-12..REL-14, asked before a job is made, so that the person hears it at once. Throws a FaultError. The node judges
 * again and by what it accepted itself: what could be granted there is let through here.
 */
export async function requireBodyRight(
  read: DurableReads,
  state: TrustState,
  opened: OpenedHeader,
  body: ReleaseBody,
): Promise<void> {
  if (isOwnerDevice(state, opened.signer)) return;
  const { appId, node } = opened.payload;
  const base = await possibleBase(read, state, await read.getTip(appId, node));
  if (base !== undefined) unwrap(decideBodyMay({ state, signer: opened.signer, body, base }));
}

/**
 * REL-17, REL-18, asked before a job is made too: the verbs that the body says, and a narrow grant against the body of the
 * release before. What runs on the node is the node's to know: any release before this one may be it here.
 */
export async function requireOrderRight(
  read: DurableReads,
  state: TrustState,
  opened: OpenedHeader,
  body: ReleaseBody,
  now: number,
): Promise<void> {
  if (isOwnerDevice(state, opened.signer)) return;
  const { appId, node, previous, body: bodyHash } = opened.payload;
  const scope = { node, appId, now };
  const earlier = (await read.listHeaders({ appId, node })).toReversed().slice(0, MAX_WALK);
  const isEarlier = await isAmong(read, earlier, bodyHash, body);
  const accepted = await bodyOf(read, previous);
  const judge = (running: ReleaseBody | null): Result<void> => {
    const orders = ordersOf(body, { accepted, running, isEarlier });
    const may = decideOrdersMay({ state, signer: opened.signer, orders, scope });
    if (!may.ok) return may;
    const limits = orders.map((order) => contentLimitsOf(state, opened.signer, order, scope)).find((one) => one);
    if (limits === undefined) return ok();
    const judged = limits.map((limit) => judgeContent(accepted, body, limit));
    return judged.find((one) => one.ok) ?? judged[0] ?? judgeContent(null, body, {});
  };
  const first = judge(accepted);
  if (first.ok) return;
  for (const { hash } of earlier) if (judge(await bodyOf(read, hash)).ok) return;
  unwrap(first);
}

/** Whether an earlier release brought the same, byte by byte or written down anew by a later program. */
async function isAmong(
  read: DurableReads,
  earlier: readonly { readonly hash: string; readonly body: string }[],
  bodyHash: string,
  body: ReleaseBody,
): Promise<boolean> {
  if (earlier.some((header) => header.body === bodyHash)) return true;
  const content = contentHashOf(body);
  for (const { hash } of earlier) {
    const one = await bodyOf(read, hash);
    if (one !== null && contentHashOf(one) === content) return true;
  }
  return false;
}

async function bodyOf(read: DurableReads, hash: string | null): Promise<ReleaseBody | null> {
  const header = hash === null ? undefined : await read.getHeader(hash);
  const bytes = header && (await read.getObject(header.body));
  const body = bytes && parseReleaseBody(bytes);
  return body?.ok ? body.value : null;
}

/** Everything that releases granted from the last one of an owner on; undefined where that lies too far back. */
async function possibleBase(
  read: DurableReads,
  state: TrustState,
  tip: string | undefined,
): Promise<OwnerBase | undefined> {
  let kind: string | null = null;
  const exceptions: GrantedException[] = [];
  let next: string | null = tip ?? null;
  for (let walked = 0; next !== null; walked++) {
    const header = await read.getHeader(next);
    const bytes = header && (await read.getObject(header.body));
    const body = bytes && parseReleaseBody(bytes);
    if (walked >= MAX_WALK || header === undefined || !body?.ok) return undefined;
    kind ??= body.value.kind;
    if (body.value.kind === 'app') exceptions.push(...body.value.exceptions);
    const signer = header.envelope.signatures[0]?.keyid ?? '';
    next = isOwnersRelease(state, signer, { ...header, header: header.hash }) ? null : header.previous;
  }
  return { kind, exceptions };
}

import { judgeContent, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import {
  contentLimitsOf,
  decideBodyMay,
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

/** REL-17, asked before a job is made too: a narrow grant is held against the body of the release before. */
export async function requireContentRight(
  read: DurableReads,
  state: TrustState,
  opened: OpenedHeader,
  body: ReleaseBody,
  now: number,
): Promise<void> {
  const { appId, node, previous } = opened.payload;
  const limits = contentLimitsOf(state, opened.signer, { node, appId, now });
  if (limits === undefined) return;
  const header = previous === null ? undefined : await read.getHeader(previous);
  const bytes = header && (await read.getObject(header.body));
  const before = bytes && parseReleaseBody(bytes);
  const judged = limits.map((limit) => judgeContent(before?.ok ? before.value : null, body, limit));
  if (!judged.some(({ ok }) => ok)) unwrap(judged[0] ?? judgeContent(null, body, {}));
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

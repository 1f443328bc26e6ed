import {
  PROPOSAL_MAX_BYTES,
  type Proposal,
  type ProposalContent,
  type ProposalVerb,
} from '#shared/contracts/rest/index.ts';
import { FaultError, fault, isoTime, randomId, sha256Hex, utf8 } from '#shared/kernel/index.ts';
import { isWithinToken, outsideToken } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { DurableWrites } from '../store/port.ts';
import type { ProposalRecord } from '../store/records.ts';
import { type Asker, actorOf, requireRight } from './caller.ts';
import { unknownApp } from './read-models.ts';

/** PRO-4: how long a proposal waits for a signature. */
export const PROPOSAL_LIFE_MS = 7 * 24 * 3_600_000;
/** PRO-5: how many of one asker may wait at a time. */
export const MAX_OPEN_PROPOSALS = 20;
/** PRO-5: how long a settled or expired one is kept. */
const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * PRO-1: keeps an unsigned wish for a device to look at; nothing is queued and no node hears of it. `action` is that of the
 * operation that was asked for.
 */
export async function propose(
  core: Core,
  asker: Asker,
  about: { verb: ProposalVerb; appId: string | null; action: string; content: ProposalContent },
) {
  const text = JSON.stringify(about.content);
  const nowMs = core.clock.nowMs();
  const proposal = {
    id: randomId(core.random),
    state: 'awaiting-signature',
    verb: about.verb,
    appId: about.appId,
    content: about.content,
    by: { ...actorOf(asker), name: nameOf(core, asker) },
    createdAt: isoTime(core.clock),
    expiresAt: new Date(nowMs + PROPOSAL_LIFE_MS).toISOString(),
    settled: null,
    changeSet: null,
    jobs: [],
  } as Proposal;
  const subject = { proposal: proposal.id, app: about.appId ?? '', content: sha256Hex(utf8(text)) };
  const act: Act = { actor: actorOf(asker), action: about.action, subject, envelope: null };
  await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    if (utf8(text).length > PROPOSAL_MAX_BYTES) throw new FaultError(tooLarge());
    const node = await nodeOf(core, about);
    requireProposing(core, asker, about, node ?? null);
    if (about.appId !== null && node === undefined) throw new FaultError(unknownApp(about.appId));
    return async (tx) => {
      await makeRoom(tx, nowMs, proposal.by.id);
      await tx.putProposal(proposal);
    };
  });
  core.events.publish({ type: 'proposal', data: proposal });
  return { proposal: { id: proposal.id, state: 'awaiting-signature' as const, expiresAt: proposal.expiresAt } };
}

function nameOf(core: Core, asker: Asker): string {
  if ('held' in asker) return asker.held.token.name;
  return core.trust.current().devices.get(asker.deviceId)?.name ?? asker.deviceId;
}

/** Where it would be carried out, as far as the core knows; undefined for an app that is not there. */
async function nodeOf(
  core: Core,
  { appId, content }: { appId: string | null; content: ProposalContent },
): Promise<string | null | undefined> {
  if (appId === null) return 'node' in content.changes ? (content.changes.node ?? null) : null;
  const document = core.rows.snapshot(`app:${appId}`);
  const last = (await core.store.durable.read.listHeaders({ appId })).at(-1);
  if (document === undefined && last === undefined) return undefined;
  const wanted = document?.fields.node;
  return last?.node ?? (typeof wanted === 'string' ? wanted : null);
}

function requireProposing(
  core: Core,
  asker: Asker,
  { verb, appId }: { verb: ProposalVerb; appId: string | null },
  node: string | null,
): void {
  if ('held' in asker) {
    const { token } = asker.held;
    if (!isWithinToken(token, verb, { appId, node })) throw new FaultError(outsideToken(token, verb));
    return;
  }
  requireRight(core, asker, verb === 'create' ? 'edit' : verb, appId === null ? {} : { appId });
}

/** PRO-5: forgets what was settled long ago, and refuses who has too many open. */
async function makeRoom(tx: DurableWrites, nowMs: number, asker: string): Promise<void> {
  let open = 0;
  for (const { id, by, settled, expiresAt } of await tx.listProposals()) {
    const endMs = Date.parse(settled?.at ?? expiresAt);
    if (endMs + KEPT_MS <= nowMs) await tx.removeProposal(id);
    else if (by.id === asker && settled === null && endMs > nowMs) open++;
  }
  if (open >= MAX_OPEN_PROPOSALS) throw new FaultError(tooMany());
}

/** PRO-4: a proposal as it is now. */
export function proposalNow(core: Core, proposal: ProposalRecord): Proposal {
  const isOver = proposal.state === 'awaiting-signature' && Date.parse(proposal.expiresAt) <= core.clock.nowMs();
  return isOver ? { ...proposal, state: 'expired' } : proposal;
}

function tooLarge() {
  return fault(
    'request.too-large',
    'permanent',
    `A proposal has at most ${PROPOSAL_MAX_BYTES / 1024} KiB.`,
    'Propose less at once.',
    { field: 'proposal' },
  );
}

function tooMany() {
  return fault(
    'proposal.too-many',
    'conflict',
    `${MAX_OPEN_PROPOSALS} proposals of this asker wait for a signature already.`,
    'Let a device accept or decline them: `overseer proposals list`.',
  );
}

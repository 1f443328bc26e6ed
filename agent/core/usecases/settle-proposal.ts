import type { Proposal, ProposalState } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, isoTime } from '#shared/kernel/index.ts';
import type { ChangeSet } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { DurableReads, DurableWrites } from '../store/port.ts';
import { type Asker, actorOf, type Caller, requireRight } from './caller.ts';
import { proposalNow } from './propose.ts';

/** Proposals, oldest first. A device sees all, a token its own. */
export async function listProposals(core: Core, asker: Asker, state?: ProposalState): Promise<Proposal[]> {
  const all = (await core.store.durable.read.listProposals()).map((proposal) => proposalNow(core, proposal));
  return all.filter((proposal) => isShown(proposal, asker) && (state === undefined || proposal.state === state));
}

/** One proposal; a token sees its own. */
export async function showProposal(core: Core, asker: Asker, id: string): Promise<Proposal> {
  const found = await core.store.durable.read.getProposal(id);
  if (found === undefined || !isShown(found, asker)) throw new FaultError(unknownProposal(id));
  return proposalNow(core, found);
}

function isShown({ by }: Proposal, asker: Asker): boolean {
  return !('held' in asker) || by.id === asker.held.tokenId;
}

/** PRO-2: lets go of a wish; who may order what it asks for may say no to it. */
export async function declineProposal(core: Core, caller: Caller, id: string, reason: string): Promise<Proposal> {
  const act: Act = { actor: actorOf(caller), action: 'proposal.decline', subject: { proposal: id }, envelope: null };
  const declined = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const { verb, appId } = await openProposal(core, core.store.durable.read, id);
    if (appId !== null) act.subject.app = appId;
    requireRight(core, caller, verb === 'create' ? 'edit' : verb, appId === null ? {} : { appId });
    return async (tx) => {
      const proposal = await openProposal(core, tx, id);
      const settled = { by: caller.deviceId, at: isoTime(core.clock), reason };
      const after: Proposal = { ...proposal, state: 'declined', settled };
      await tx.putProposal(after);
      return after;
    };
  });
  core.events.publish({ type: 'proposal', data: declined });
  return declined;
}

/** PRO-3: a signed change set that names a proposal accepts it, in the transaction that queues its jobs. */
export async function acceptProposal(
  core: Core,
  tx: DurableWrites,
  about: { order: ChangeSet; device: string; jobs: readonly string[] },
): Promise<Proposal | null> {
  const { order, device } = about;
  if (order.proposal === undefined) return null;
  const proposal = await openProposal(core, tx, order.proposal);
  const verb = proposal.verb === 'create' ? 'deploy' : proposal.verb;
  const app = order.releases.find(({ appId }) => proposal.appId === null || appId === proposal.appId);
  if (verb !== order.verb || app === undefined) throw new FaultError(otherChange());
  const accepted: Proposal = {
    ...proposal,
    state: 'accepted',
    appId: app.appId,
    settled: { by: device, at: isoTime(core.clock), reason: '' },
    changeSet: order.changeSetId,
    jobs: [...about.jobs],
  };
  await tx.putProposal(accepted);
  return accepted;
}

/** PRO-2, PRO-4: a proposal that still waits. */
async function openProposal(core: Core, read: Pick<DurableReads, 'getProposal'>, id: string): Promise<Proposal> {
  const found = await read.getProposal(id);
  if (found === undefined) throw new FaultError(unknownProposal(id));
  const proposal = proposalNow(core, found);
  if (proposal.state === 'awaiting-signature') return proposal;
  throw new FaultError(
    fault(
      'proposal.settled',
      'conflict',
      `The proposal ${id} is ${proposal.state} already.`,
      'See `overseer proposals list`; what is still wanted is proposed again.',
    ),
  );
}

function unknownProposal(id: string) {
  return fault('proposal.unknown', 'permanent', `There is no proposal ${id}.`, 'See `overseer proposals list`.', {
    field: 'id',
  });
}

function otherChange() {
  return fault(
    'proposal.other-change',
    'denied',
    'The change set names a proposal for another app or verb.',
    'Plan what the proposal asks for, or sign the change without naming it.',
    { field: 'changeSet.proposal' },
  );
}

import type { Proposal, ProposalContent, ProposalVerb } from '#shared/contracts/rest/index.ts';
import { isoTime, randomId } from '#shared/kernel/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { actorOf, type Caller, requireRight } from './caller.ts';

/** Keeps an unsigned wish for a device to look at. `action` is that of the operation that was asked for. */
export async function propose(
  core: Core,
  caller: Caller,
  about: { verb: ProposalVerb; appId: string | null; action: string; content: ProposalContent },
) {
  const proposal: Proposal = {
    id: randomId(core.random),
    state: 'awaiting-signature',
    verb: about.verb,
    appId: about.appId,
    content: about.content,
    by: caller.deviceId,
    createdAt: isoTime(core.clock),
  };
  const subject = { proposal: proposal.id, app: about.appId ?? '' };
  const scope = about.appId === null ? {} : { appId: about.appId };
  const act: Act = { actor: actorOf(caller), action: about.action, subject, envelope: null };
  await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    requireRight(core, caller, about.verb === 'create' ? 'edit' : about.verb, scope);
    return (tx) => tx.putProposal(proposal);
  });
  core.events.publish({ type: 'proposal', data: proposal });
  return { proposal: { id: proposal.id, state: 'awaiting-signature' as const } };
}

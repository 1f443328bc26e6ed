import type { ProposalRow } from '#shared/contracts/ipc/index.ts';
import type { FleetHost } from '../fleet-host.ts';

/** Proposals that wait for a signature, oldest first; one whose time is over is none any more. */
export function toProposalRows({
  lists,
  model,
  context,
}: Pick<FleetHost, 'lists' | 'model' | 'context'>): ProposalRow[] {
  const nowMs = context.clock.nowMs();
  return [...lists.proposals().values()]
    .filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs)
    .map((proposal) => ({
      id: proposal.id,
      verb: proposal.verb,
      appName:
        proposal.verb === 'create'
          ? proposal.content.changes.name
          : (model.find(proposal.appId ?? '')?.name ?? proposal.appId ?? ''),
      by: { kind: proposal.by.kind, name: proposal.by.name },
      note: proposal.content.note,
      createdAt: proposal.createdAt,
      expiresAt: proposal.expiresAt,
    }))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

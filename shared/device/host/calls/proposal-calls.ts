import { ok } from '#shared/kernel/index.ts';
import { asNothing, type FleetCalls, needsCore } from './fleet-call.ts';

/** Proposals: accepting one is confirming its plan. */
export const proposalCalls: FleetCalls<'planProposal' | 'declineProposal'> = {
  async planProposal(host, { id }) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const shown = await host.fleet.client.call('showProposal', { params: { id } });
    if (!shown.ok) return shown;
    // Loaded only now: most screens never meet a proposal.
    const { toProposedPlan } = await import('../plans/proposed-plan.ts');
    const plan = await toProposedPlan(host, shown.value);
    return plan.ok ? ok(plan.value.view) : plan;
  },
  async declineProposal(host, { id, reason }) {
    const online = needsCore(host);
    if (!online.ok) return online;
    return asNothing(await host.fleet.client.call('declineProposal', { params: { id }, body: { reason } }));
  },
};

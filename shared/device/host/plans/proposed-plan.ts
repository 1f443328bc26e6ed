import type { Proposal } from '#shared/contracts/rest/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import { appDocument } from '../../apps/find-app.ts';
import { planProposal } from '../../proposals/plan-proposal.ts';
import { needsCore } from '../calls/fleet-call.ts';
import type { FleetHost } from '../fleet-host.ts';
import type { LivePlan } from './plan-book.ts';
import { toLivePlan } from './to-live-plan.ts';

/** PRO-6: a proposal as a plan that a person may confirm, with the lines that it brings told apart. */
export async function toProposedPlan(host: FleetHost, proposal: Proposal): Promise<Result<LivePlan>> {
  if (proposal.appId !== null) await host.views.flush(appDocument(proposal.appId));
  const context = {
    ...host.context,
    catalog: host.ports.catalog,
    // Nobody is asked here: a plan without an address says so.
    chooseAddress: async ({ detected }: { detected: string | undefined }) => detected,
    level: async () => needsCore(host),
  };
  const proposed = await planProposal(context, host.fleet, host.replica, proposal);
  if (!proposed.ok) return proposed;
  const { planned, lines, accept } = proposed.value;
  const { view, node, base, body, plan } = planned;
  await host.model.reloadBase(view.appId);
  return ok(
    toLivePlan(host, {
      verb: proposal.verb === 'create' ? 'deploy' : proposal.verb,
      appId: view.appId,
      name: view.name,
      node,
      base,
      body,
      plan,
      ownerCopies: view.secrets.map(({ ownerCopy }) => ownerCopy),
      ownerCommand: `overseer proposals accept ${proposal.id}`,
      asked: {
        proposal: proposal.id,
        by: { kind: proposal.by.kind, name: proposal.by.name },
        note: proposal.content.note,
        lines: lines.filter(({ isProposed }) => isProposed).map(({ line }) => line.id),
      },
      async accept() {
        const accepted = await accept();
        return accepted.ok ? ok(accepted.value.draft) : accepted;
      },
    }),
  );
}

import { levelWithCore, type ProposedPlan, planProblem, planProposal, urlsOf } from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { createFolderCatalog } from '#shared/node/catalog.ts';
import { chooseAddress } from '../apps/plan-from-options.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { askYes } from '../device/confirm-yes.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, printLines, printPlanEnd } from '../releases/show-plan.ts';

/** Plans a proposal, shows what it brings and what waited before, signs it when both were confirmed. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    if (offline) return err(offline);
    const shown = await fleet.client.call('showProposal', { params: { id: input.arg(0) } });
    if (!shown.ok) return shown;
    const about = {
      ...context,
      level: () => fleet.sync(),
      catalog: createFolderCatalog(context.env.OVERSEER_CATALOG),
      chooseAddress: (wanted: { hostname: string; detected: string | undefined }) =>
        chooseAddress(context, wanted.hostname, wanted.detected),
    };
    const plan = await planProposal(about, fleet, replica, shown.value);
    if (!plan.ok) return plan;
    const { planned, proposal } = plan.value;
    printProposed(context, plan.value);
    const fine = planProblem(planned.plan);
    if (!fine.ok) return fine;
    const confirmed = await confirmBoth(context, input, plan.value);
    if (!confirmed.ok) return confirmed;
    const accepted = await plan.value.accept();
    if (!accepted.ok) return accepted;
    const { node, body, view } = accepted.value.planned;
    return deliverChange(context, fleet, input, {
      draft: accepted.value.draft,
      lines: planned.plan.lines.map(({ text }) => text),
      offline: undefined,
      finish: {
        name: view.name,
        urls: body.state === 'running' ? urlsOf(replica, node, body) : [],
        success: `${view.name}: ${proposal.verb} as "${proposal.by.name}" asked`,
      },
    });
  });
}

/** PRO-6: who asks for what stands apart from what waited before. */
function printProposed({ out }: CliContext, { proposal, planned, lines }: ProposedPlan): void {
  const { view, node, plan } = planned;
  out.line(`Plan for ${view.name} on ${node.name}`, 'strong');
  if (proposal.content.note !== '') out.line(`  note: ${proposal.content.note}`, 'dim');
  out.line(`  asked by ${proposal.by.kind} "${proposal.by.name}":`, 'warn');
  printLines(
    out,
    lines.filter(({ isProposed }) => isProposed).map(({ line }) => line),
  );
  const waiting = lines.filter(({ isProposed }) => !isProposed).map(({ line }) => line);
  if (waiting.length > 0) out.line('  waited before, and would go along:', 'warn');
  printLines(out, waiting);
  printPlanEnd(out, plan);
}

async function confirmBoth(context: CliContext, input: VerbInput, plan: ProposedPlan): Promise<Result<void>> {
  const { proposal, lines } = plan;
  const confirmed = await confirmPlan(context, input, `Sign what "${proposal.by.name}" asks for?`);
  const waiting = lines.filter(({ isProposed }) => !isProposed).length;
  if (!confirmed.ok || waiting === 0 || input.flag('withWaiting')) return confirmed;
  const question = `Sign the ${waiting} line(s) that waited before as well?`;
  return !input.flag('yes') && (await askYes(context, question)) ? ok() : err(waitingNotConfirmed(waiting));
}

function waitingNotConfirmed(waiting: number) {
  return fault(
    'cli.missing-confirmation',
    'permanent',
    `${waiting} line(s) waited before this proposal and were not confirmed`,
    'Look at them with `overseer apps plan`, then accept with --with-waiting, or deploy or revert them first.',
    { field: '--with-waiting' },
  );
}

import { draftChange, type Fleet, planProblem, readBase, readLocalBase } from '#shared/device/index.ts';
import { planRelease, type ReleaseBody } from '#shared/domain/apps/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from './deliver.ts';
import { confirmPlan, printPlan } from './show-plan.ts';

/** Plans, confirms and delivers what is not an app: the ingress or a connector of a node. */
export async function releaseSettings(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  about: {
    verb: 'ingress' | 'connector';
    appId: string;
    node: NodeIdentity;
    body: ReleaseBody;
    ownerCopies: readonly string[];
    offline: Fault | undefined;
    success: string;
  },
): Promise<Result<Done>> {
  const { appId, node, body, offline } = about;
  const base = offline
    ? await readLocalBase(fleet, appId, node.nodeId)
    : await readBase(fleet, context.clock, appId, node.nodeId);
  if (!base.ok) return base;
  const plan = planRelease({ previous: base.value?.body ?? null, next: body });
  if (plan.lines.length === 0 && !offline && (await runs(fleet, appId, base.value?.header))) {
    const json = { appId, name: body.name, number: base.value?.number, outcome: 'succeeded', changed: false };
    return done(json, (out) => out.line(`${about.success}; nothing to change.`, 'good'));
  }
  printPlan(context.out, `Plan for ${body.name} on ${node.name}`, plan);
  const fine = planProblem(plan);
  if (!fine.ok) return fine;
  const confirmed = await confirmPlan(context, input, 'Go on?');
  if (!confirmed.ok) return confirmed;
  return deliverChange(context, fleet, input, {
    draft: draftChange({ ...about, node: node.nodeId, base: base.value, plan }),
    lines: plan.lines.map(({ text }) => text),
    offline,
    finish: { name: body.name, urls: [], success: about.success },
  });
}

async function runs(fleet: Fleet, appId: string, header: string | undefined): Promise<boolean> {
  const shown = await fleet.client.call('showApp', { params: { id: appId } });
  return shown.ok && shown.value.observed?.running?.header === header;
}

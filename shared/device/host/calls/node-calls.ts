import type { CallOutput, Invitation, PlanView } from '#shared/contracts/ipc/index.ts';
import { probeAnswerSchema } from '#shared/contracts/link/commands.ts';
import { err, fault, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import { admitHash, decideDeviceMay, deriveAdmit } from '#shared/trust/index.ts';
import { findNode } from '../../fleet/find-node.ts';
import { runCommand } from '../../fleet/run-command.ts';
import { levelTrust, registerToken } from '../../nodes/enrolment-tokens.ts';
import { prepareCloudflare } from '../../settings/cloudflare.ts';
import { prepareIngress } from '../../settings/ingress.ts';
import { planSettings, type Settings } from '../../settings/plan-settings.ts';
import { findCloudflare, missingPermission, testCloudflare } from '../../settings/test-cloudflare.ts';
import type { FleetHost } from '../fleet-host.ts';
import { cloudflareCommand, ingressCommand, tokenCommand } from '../plans/owner-commands.ts';
import { toLivePlan } from '../plans/to-live-plan.ts';
import { toInvitations } from '../rows/invitation-rows.ts';
import { asNothing, type FleetCalls, needsCore } from './fleet-call.ts';

/** How long an invitation is good, in minutes. */
const INVITED_MINUTES = 30;

/** Servers: inviting them, asking them, and what runs on them that is no app. */
export const nodeCalls: FleetCalls<
  'inviteNode' | 'cancelInvitation' | 'probeNode' | 'planIngress' | 'planCloudflare' | 'testCloudflare'
> = {
  async inviteNode(host, { name }) {
    const { context, fleet } = host;
    const online = needsCore(host);
    if (!online.ok) return online;
    const may = decideOwner(host, 'enrol', tokenCommand(name));
    if (!may.ok) return may;
    const trusted = await levelTrust(fleet);
    if (!trusted.ok) return trusted;
    const made = await registerToken(context, fleet, { name, minutes: INVITED_MINUTES });
    if (!made.ok) return made;
    const hash = admitHash(await deriveAdmit(made.value.parsed));
    const listed = await fleet.client.call('listEnrolments');
    if (!listed.ok) return listed;
    for (const one of listed.value.enrolments) host.lists.take({ type: 'enrolment', data: one });
    // The core tells of those who come, not of the invitation itself.
    await host.invitationsChanged();
    const own = listed.value.enrolments.find((one) => one.admitHash === hash);
    const row = (await toInvitations(host)).find(({ id }) => id === own?.enrolment);
    return row ? ok(row satisfies Invitation) : err(lostInvitation());
  },
  async cancelInvitation(host, { id }) {
    const { fleet } = host;
    const online = needsCore(host);
    if (!online.ok) return online;
    const hash = host.lists.enrolments().get(id)?.admitHash;
    const refused = await fleet.client.call('refuseEnrolment', {
      params: { id },
      body: { reason: 'the invitation was withdrawn' },
    });
    if (!refused.ok) return refused;
    for (const { token } of await fleet.store.tokens())
      if (admitHash(await deriveAdmit(token)) === hash) await fleet.store.dropToken(token.secret);
    await host.invitationsChanged();
    return asNothing(refused);
  },
  async probeNode(host, { nodeId, ports }) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const answer = await runCommand(host.context, host.fleet, { node: nodeId, verb: 'probe', args: { ports } });
    if (!answer.ok) return answer;
    return ok(probeAnswerSchema.parse(answer.value) satisfies CallOutput<'probeNode'>);
  },
  async planIngress(host, input) {
    const { context, fleet, replica } = host;
    const node = findNode(fleet.trust(), input.nodeId);
    if (!node.ok) return node;
    const { httpPort, httpsPort, acme, publicAddresses } = input;
    const wish = { httpPort, httpsPort, acme, publicAddresses };
    const prepared = await prepareIngress(context, fleet, replica, { node: node.value, wish, online: host.isOnline() });
    if (!prepared.ok) return prepared;
    const { settings } = prepared.value;
    return planOf(host, settings, ingressCommand(node.value.name, settings.body));
  },
  async planCloudflare(host, { nodeId, token, zones, baseUrl }) {
    const { context, fleet, replica } = host;
    const node = findNode(fleet.trust(), nodeId);
    if (!node.ok) return node;
    const wish = { token: token === undefined ? undefined : utf8(token.trim()), zones, baseUrl };
    const prepared = await prepareCloudflare(context, fleet, replica, { node: node.value, wish });
    if (!prepared.ok) return prepared;
    // Before the command is shown: what an owner's device signs must be at the core.
    await host.copies.share([prepared.value.appId]);
    return planOf(host, prepared.value, cloudflareCommand(node.value.name, prepared.value.body.settings));
  },
  async testCloudflare(host, { nodeId }) {
    const { context, fleet, replica } = host;
    const online = needsCore(host);
    if (!online.ok) return online;
    const connector = findCloudflare(fleet, replica, nodeId);
    if (!connector.ok) return connector;
    const report = await testCloudflare(context, fleet, connector.value);
    if (!report.ok) return report;
    const lacking = report.value.capabilities.filter((one) => !one.ok);
    return ok({
      zones: [...report.value.zones],
      missing: lacking.map(({ missing, message, zone }) => `${missing ?? message}${zone ? ` on ${zone}` : ''}`),
      ok: report.value.ok,
      text: missingPermission(report.value)?.message ?? 'The token may do all it must.',
    });
  },
};

async function planOf(host: FleetHost, settings: Settings, ownerCommand: string): Promise<Result<PlanView>> {
  const planned = await planSettings(host.context, host.fleet, settings, host.isOnline());
  if (!planned.ok) return planned;
  const { verb, appId, node, body, base, plan, ownerCopies } = planned.value;
  await host.model.reloadBase(appId);
  return ok(toLivePlan(host, { verb, appId, name: body.name, node, base, body, plan, ownerCopies, ownerCommand }).view);
}

/** An invitation is made at once, so whoever may not make one is told before. */
function decideOwner(host: FleetHost, verb: string, command: string): Result<void> {
  const may = decideDeviceMay(host.fleet.trust(), host.fleet.device.deviceId, verb);
  if (may.ok) return ok();
  return err(
    fault(
      'plan.needs-owner',
      'denied',
      'this device may not do that',
      `Run \`${command}\` on an owner’s computer; the result shows up here.`,
      { detail: { command } },
    ),
  );
}

function lostInvitation() {
  return fault('enrol.unknown-token', 'denied', 'the core does not list the invitation', 'Make another one.');
}

import { unknownNode, vouchFor } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { formatAge, formatBytes, formatDuration } from '../output/format.ts';
import { withCore } from '../token/token-client.ts';

/** Shows one server: its facts and what runs on it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withCore(context, async (client, fleet) => {
    const listed = await client.call('listNodes');
    if (!listed.ok) return listed;
    const wanted = input.arg(0);
    const node = listed.value.nodes.find(({ nodeId, name }) => nodeId === wanted || name === wanted);
    if (!node) return err(unknownNode(wanted, listed.value.nodes));
    if (fleet) await vouchFor(context, fleet, node);
    return done(node, (out) => {
      const { facts, observed } = node;
      const rows: string[][] = [
        ['node', `${node.name} (${node.nodeId})`],
        ['status', `${node.status}, seen ${formatAge(node.lastSeenAt, context.clock.nowMs())}`],
      ];
      if (node.hold?.holding) {
        rows.push([
          'holding',
          `since ${formatAge(node.hold.since, context.clock.nowMs())}: ${node.hold.why?.message ?? ''}`,
        ]);
        if (node.hold.why) rows.push(['', node.hold.why.next]);
      }
      if (facts) {
        rows.push(
          ['host', `${facts.hostname}, ${facts.os}, kernel ${facts.kernel}, ${facts.arch}`],
          ['cpu', `${facts.cpuCount} processors, ${Math.round(facts.cpuLoad * 100)} % in use`],
          ['memory', `${formatBytes(facts.memoryUsedBytes)} of ${formatBytes(facts.memoryTotalBytes)}`],
          ['disk', `${formatBytes(facts.diskFreeBytes)} free of ${formatBytes(facts.diskTotalBytes)}`],
          ['docker', `${facts.dockerVersion ?? 'absent'}, compose ${facts.composeVersion ?? 'absent'}`],
          ['agent', `${facts.version}, host up ${formatDuration(facts.uptimeSeconds * 1_000)}`],
        );
      }
      out.table(['what', 'value'], rows);
      if (!observed || observed.apps.length === 0) return;
      out.line();
      out.table(
        ['app', 'kind', 'status', 'release', 'services'],
        observed.apps.map((app) => [
          app.appId,
          app.kind,
          app.status,
          String(app.running?.number ?? '-'),
          app.services.map((service) => `${service.service} ${service.state}`).join(', '),
        ]),
      );
      const opened = observed.apps.flatMap(({ opening, status }) => (opening ? [{ ...opening, status }] : []));
      if (opened.length > 0) {
        out.line();
        out.table(
          ['opened', 'name', 'path', 'apps may', 'status'],
          opened.map(({ what, name, path, readOnly, status }) => [
            what,
            name,
            path,
            readOnly ? 'read' : what === 'folder' ? 'read and write' : 'use it',
            status === 'running' ? 'open' : status,
          ]),
        );
      }
      const aside = observed.apps.flatMap((app) => app.exceptions.map((one) => ({ appId: app.appId, ...one })));
      if (aside.length === 0) return;
      out.line();
      out.line('Guardrails that are set aside here:', 'warn');
      out.table(
        ['app', 'guardrail', 'for', 'value', 'reason'],
        aside.map((one) => [one.appId, one.rule, one.service ?? 'the app', one.value, one.reason]),
      );
    });
  });
}

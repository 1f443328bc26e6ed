import type { z } from 'zod';
import type { commandArgsSchemas, ProbeAnswer } from '#shared/contracts/link/commands.ts';
import type { DnsPort } from '#shared/domain/routes/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { CommandVerb } from '#shared/trust/index.ts';
import type { AgentLogQuery } from '../agent-log.ts';
import type { Applier, LogLine } from '../reconcile/applier-port.ts';
import type { NodeContext } from '../reconcile/node-context.ts';

export type Args<V extends CommandVerb> = z.output<(typeof commandArgsSchemas)[V]>;

/** What commands act on. */
export interface CommandPorts {
  readonly applier: Pick<Applier, 'logs' | 'volumes'>;
  /** The agent's own log. */
  agentLogs(query: AgentLogQuery): AsyncIterable<LogLine>;
  /** Restarts the containers of an app (or one service); only those that this node owns. */
  restart(appId: string, service: string | undefined): Promise<Result<void>>;
  probe(ports: readonly number[]): Promise<ProbeAnswer>;
  /** The connector whose release this is, or why there is none. */
  connector(appId: string): Promise<Result<DnsPort>>;
}

/** Verbs whose answer is a stream of log lines. */
export type LogVerb = 'logs' | 'agent-logs';

/** Verbs that answer with one JSON value. Logs stream and are handled apart. */
export function runShortVerb(
  ports: CommandPorts,
  context: Pick<NodeContext, 'store'>,
  verb: Exclude<CommandVerb, LogVerb>,
  args: unknown,
): Promise<Result<object | null>> {
  switch (verb) {
    case 'restart': {
      const { appId, service } = args as Args<'restart'>;
      return afterKnown(context, appId, async () => {
        const done = await ports.restart(appId, service);
        return done.ok ? ok(null) : done;
      });
    }
    case 'volumes': {
      const { appId } = args as Args<'volumes'>;
      return afterKnown(context, appId, async () => ok({ volumes: await ports.applier.volumes(appId) }));
    }
    case 'probe':
      return ports.probe((args as Args<'probe'>).ports).then((answer) => ok(answer));
    case 'dns-test':
      return testConnector(ports, (args as Args<'dns-test'>).connector);
  }
}

async function testConnector(ports: CommandPorts, appId: string): Promise<Result<object>> {
  const found = await ports.connector(appId);
  return found.ok ? found.value.test() : found;
}

/** An app this node never accepted anything for is not looked up in the engine: the name could be anybody's. */
export async function afterKnown<T>(
  context: Pick<NodeContext, 'store'>,
  appId: string,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  if (context.store.releases.newest(appId) !== undefined) return work();
  return err(
    fault(
      'command.unknown-app',
      'permanent',
      `this node has no app ${appId}`,
      'look at `overseer apps list` for the node the app is on',
      { field: 'args.appId' },
    ),
  );
}

import type { LogLineMessage } from '#shared/contracts/link/commands.ts';
import { createLineReader } from '#shared/contracts/link/log-lines.ts';
import { err, type Fault, fromBase64, type Result } from '#shared/kernel/index.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Fleet } from './fleet.ts';
import { readStream } from './read-stream.ts';
import { type SignedCommand, signCommand } from './run-command.ts';

/** One line of an app's log. `line` is text of the app: show it with its control characters made visible. */
export interface LogLine {
  readonly time: string;
  readonly service: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/** Which lines of which app. */
export interface LogOrder {
  readonly appId: string;
  /** nodeId */
  readonly node: string;
  readonly service?: string | undefined;
  readonly tail: number;
  readonly follow: boolean;
}

/** Reads an app's logs, sealed from the node to this device, until their end or until the signal. */
export async function readLogs(
  context: DeviceContext,
  fleet: Fleet,
  order: LogOrder,
  take: (line: LogLine) => void | Promise<void>,
): Promise<Result<void>> {
  const { appId, node, service, tail, follow } = order;
  const args = { appId, ...(service === undefined ? {} : { service }), tail, follow };
  const command = await signCommand(context, fleet, { node, verb: 'logs', args });
  if (!command.ok) return command;
  const body = { command: command.value.envelope };
  const opened = await fleet.client.call('openLogs', { params: { id: appId }, body });
  return opened.ok ? readLines(context, fleet, command.value, opened.value.stream, take) : opened;
}

/** Reads what a node's own agent has logged since it started. */
export async function readAgentLogs(
  context: DeviceContext,
  fleet: Fleet,
  order: { readonly node: string; readonly tail: number; readonly follow: boolean },
  take: (line: LogLine) => void | Promise<void>,
): Promise<Result<void>> {
  const { node, tail, follow } = order;
  const command = await signCommand(context, fleet, { node, verb: 'agent-logs', args: { tail, follow } });
  if (!command.ok) return command;
  const body = { command: command.value.envelope };
  const opened = await fleet.client.call('openNodeLogs', { params: { id: node }, body });
  return opened.ok ? readLines(context, fleet, command.value, opened.value.stream, take) : opened;
}

async function readLines(
  context: DeviceContext,
  fleet: Fleet,
  command: SignedCommand,
  stream: string,
  take: (line: LogLine) => void | Promise<void>,
): Promise<Result<void>> {
  const lines = createLineReader();
  let broken: Fault | undefined;
  const read = await readStream(context, fleet, command, stream, async (bytes) => {
    for (const line of lines.push(bytes)) {
      if ('fault' in line) broken = line.fault as Fault;
      else await take(toLine(line));
    }
  });
  return read.ok && broken ? err(broken) : read;
}

type PlainLine = Exclude<LogLineMessage, { fault: unknown }>;

function toLine({ time, service, stream, line }: PlainLine): LogLine {
  return { time, service, stream, line: new TextDecoder().decode(fromBase64(line) ?? new Uint8Array()) };
}

import { type LogLineMessage, logLineSchema } from '#shared/contracts/link/commands.ts';
import { findApp, levelToLook, readStream, signCommand } from '#shared/device/index.ts';
import { err, type Fault, fromBase64, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { numberOption, type VerbInput } from '../options.ts';
import type { Output } from '../output/output.ts';

/** Reads an app's logs, sealed from the node to this device; the core passes bytes that it can not read. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const tail = numberOption(input, 'tail', '--tail', 0, 10_000);
    if (!tail.ok) return tail;
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const view = findApp(level.value.replica, input.arg(0));
    if (!view.ok) return view;
    fleet.letGo();
    const { appId, node } = view.value;
    const service = input.text('service');
    const follow = input.flag('follow');
    const args = { appId, ...(service === undefined ? {} : { service }), tail: tail.value ?? 100, follow };
    const command = await signCommand(context, fleet, { node: node ?? '', verb: 'logs', args });
    if (!command.ok) return command;
    const body = { command: command.value.envelope };
    const opened = await fleet.client.call('openLogs', { params: { id: appId }, body });
    if (!opened.ok) return opened;
    const lines = createLineReader();
    let broken: Fault | undefined;
    const read = await readStream(context, fleet, command.value, opened.value.stream, (bytes) => {
      for (const line of lines.push(bytes)) {
        if ('fault' in line) broken = line.fault as Fault;
        else printLine(context.out, line);
      }
    });
    if (!read.ok) return read;
    if (broken) return err(broken);
    return ok({ json: undefined, exitCode: context.signal.aborted ? EXIT.interrupted : EXIT.ok });
  });
}

type PlainLine = Exclude<LogLineMessage, { fault: unknown }>;

/** A8-26: bytes of a container reach the terminal only as text that shows control characters. */
function printLine(out: Output, message: PlainLine): void {
  const bytes = fromBase64(message.line) ?? new Uint8Array();
  const text = new TextDecoder().decode(bytes);
  out.line(`${message.time}  ${message.service}  ${text.replaceAll('\n', '\\n')}`);
  out.record({ time: message.time, service: message.service, stream: message.stream, line: text });
}

/** Joins frames into JSON lines: a frame may end in the middle of a line or of a character. */
export function createLineReader(): { push(bytes: Uint8Array): LogLineMessage[] } {
  let rest = new Uint8Array();
  return {
    push(bytes) {
      const all = new Uint8Array([...rest, ...bytes]);
      const end = all.lastIndexOf(10);
      rest = all.slice(end + 1);
      if (end < 0) return [];
      return utf8ToText(all.subarray(0, end))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => logLineSchema.parse(JSON.parse(line)));
    },
  };
}

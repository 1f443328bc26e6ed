import { findApp, type LogLine, levelToLook, readLogs } from '#shared/device/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
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
    const order = {
      appId,
      node: node ?? '',
      service: input.text('service'),
      tail: tail.value ?? 100,
      follow: input.flag('follow'),
    };
    const read = await readLogs(context, fleet, order, (line) => printLine(context.out, line));
    if (!read.ok) return read;
    return ok({ json: undefined, exitCode: context.signal.aborted ? EXIT.interrupted : EXIT.ok });
  });
}

/** A8-26: bytes of a container reach the terminal only as text that shows control characters. */
function printLine(out: Output, { time, service, stream, line }: LogLine): void {
  out.line(`${time}  ${service}  ${line.replaceAll('\n', '\\n')}`);
  out.record({ time, service, stream, line });
}

import { levelTrust } from '#shared/device/index.ts';
import { type Result, utf8 } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { writePrivateFile } from '../device/home.ts';
import type { VerbInput } from '../options.ts';

/** Writes the trust log as this device has verified it, for a node whose core keeps entries back. Needs no core. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok && level.error.kind !== 'transient') return level;
    if (!level.ok) context.out.note('The core is away: this is the log as this device last had it.', 'warn');
    const file = input.arg(0);
    const { entries } = fleet.trust();
    const lines = entries.map((envelope) => `${JSON.stringify({ type: 'trust', envelope })}\n`);
    writePrivateFile(file, utf8(lines.join('')));
    return done({ file, entries: entries.length }, (out) => {
      out.line(`${entries.length} entries in ${file}.`, 'good');
      out.line('On the server: `overseer node trust import FILE`. It holds no secret.');
    });
  });
}

import { type Result, utf8ToText, visibleJson } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { writePrivateFile } from '../device/home.ts';
import type { VerbInput } from '../options.ts';

/** Writes the whole audit log with its proofs as JSON Lines. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async ({ client }) => {
    const exported = await client.octets('exportAudit');
    if (!exported.ok) return exported;
    const lines = utf8ToText(exported.value);
    const path = input.text('out');
    const count = lines.split('\n').filter((line) => line !== '').length;
    if (path !== undefined) {
      writePrivateFile(path, exported.value);
      return done({ file: path, lines: count }, (out) => out.line(`${count} lines in ${path}.`));
    }
    // The export is JSON Lines itself, with and without --json.
    process.stdout.write(visibleJson(lines));
    return { ok: true, value: { json: undefined } };
  });
}

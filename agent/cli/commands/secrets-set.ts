import { err, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import { MAX_SECRET_BYTES } from '#shared/trust/index.ts';
import { giveSecret } from '../apps/give-secret.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { askLine } from '../device/ask.ts';
import { badOption, fileOption, type VerbInput } from '../options.ts';

/** Gives a secret a value from a file or from the terminal, never from an argument. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const value = await readValue(context, input);
  return value.ok ? withFleet(context, (fleet) => giveSecret(context, fleet, input, value.value)) : value;
}

async function readValue(context: CliContext, input: VerbInput): Promise<Result<Uint8Array>> {
  const path = input.text('file');
  const typed =
    path === undefined && context.canAsk
      ? await askLine(context.terminal, `Value of ${input.arg(1)} (not shown): `, true)
      : undefined;
  const value = path === undefined ? ok(utf8(typed ?? '')) : fileOption(path, '--file', MAX_SECRET_BYTES);
  if (!value.ok || value.value.length > 0) return value;
  return err(
    badOption('cli.missing-option', '--file', 'no value was given', 'Give --file FILE, or - for standard input.'),
  );
}

import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { askLine } from './ask.ts';

/** What can not be taken back wants the name typed, or given with `--confirm`. */
export async function confirmName(context: CliContext, input: VerbInput, name: string): Promise<Result<void>> {
  const given =
    input.text('confirm') ?? (context.canAsk ? await askLine(context.terminal, `Type ${name} to go on: `) : undefined);
  if (given?.trim() === name) return ok();
  return err(
    fault(
      'cli.missing-confirmation',
      'permanent',
      given === undefined ? `this can not be taken back and needs the name ${name}` : `"${given}" is not "${name}"`,
      `Give --confirm "${name}"; nothing was signed.`,
      { field: '--confirm' },
    ),
  );
}

import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { askLine } from './ask.ts';

export interface Confirmation {
  readonly question: string;
  /** What is confirmed, as in "the plan". */
  readonly what: string;
  /** How to look at it before `--yes`. */
  readonly look: string;
  /** What stands after a no. */
  readonly kept: string;
}

/** Asks the person for a yes; `--yes` answers for a script. Errors: `cli.missing-confirmation`, `cli.declined`. */
export async function confirmYes(context: CliContext, input: VerbInput, about: Confirmation): Promise<Result<void>> {
  if (input.flag('yes')) return ok();
  const { question, what, look, kept } = about;
  if (!context.canAsk) {
    const message = `${what} must be confirmed and there is no terminal to ask on`;
    const next = `Look at it with ${look}, then add --yes.`;
    return err(fault('cli.missing-confirmation', 'permanent', message, next, { field: '--yes' }));
  }
  if (await askYes(context, question)) return ok();
  return err(fault('cli.declined', 'denied', `${what} was not confirmed`, kept));
}

/** Asks a question that a bare Enter answers with no. */
export async function askYes(context: CliContext, question: string): Promise<boolean> {
  const answer = await askLine(context.terminal, `${question} [y/N] `);
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}

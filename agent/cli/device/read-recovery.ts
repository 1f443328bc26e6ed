import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type RecoveryKeys, recoveryFromWords } from '#shared/trust/index.ts';
import type { CliContext } from '../context.ts';
import { badOption, fileOption, type VerbInput } from '../options.ts';
import { askLine } from './ask.ts';

/** The keys that the recovery words make, and the fleet that a file of `device claim` names. */
export interface TypedRecovery {
  readonly keys: RecoveryKeys;
  readonly fleet: string | undefined;
}

/** The recovery words from `--recovery-file` or the terminal; never from an argument. */
export async function readRecovery(context: CliContext, input: VerbInput): Promise<Result<TypedRecovery>> {
  const path = input.text('recoveryFile');
  const typed = path === undefined ? await askWords(context) : readWordsFile(path);
  if (!typed.ok) return typed;
  const keys = await recoveryFromWords(typed.value.words);
  return keys.ok ? ok({ keys: keys.value, fleet: typed.value.fleet }) : keys;
}

async function askWords(context: CliContext): Promise<Result<{ words: string; fleet: undefined }>> {
  if (!context.canAsk)
    return err(
      badOption(
        'cli.missing-option',
        '--recovery-file',
        'the recovery words are needed and there is no terminal to ask on',
        'Give --recovery-file FILE (- for standard input).',
      ),
    );
  const words = await askLine(context.terminal, 'The 24 recovery words, in one line: ', true);
  return words === undefined ? err(notGiven()) : ok({ words, fleet: undefined });
}

/** A file that `device claim --recovery-file` wrote, or one with only the words. */
function readWordsFile(path: string): Result<{ words: string; fleet: string | undefined }> {
  const file = fileOption(path, '--recovery-file', 4_096);
  if (!file.ok) return file;
  const text = new TextDecoder().decode(file.value);
  const head = /^Overseer recovery words of fleet ([0-9a-f]{64})\n/.exec(text);
  return ok({ words: text.slice(head?.[0].length ?? 0), fleet: head?.[1] });
}

function notGiven() {
  return fault('cli.interrupted', 'transient', 'no recovery words were given', 'Run the command again.');
}

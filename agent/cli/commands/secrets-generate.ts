import { ALPHABETS, type Alphabet, generateSecret } from '#shared/domain/apps/catalog/index.ts';
import { err, type Result, utf8 } from '#shared/kernel/index.ts';
import { giveSecret } from '../apps/give-secret.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';

/** Letters of a value that nobody has to see. */
const DEFAULT_LENGTH = 32;

/** Gives a secret a value at random, made on this device and shown to nobody: a new secret, or another value of one. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const length = numberOption(input, 'length', '--length', 12, 4_096);
  if (!length.ok) return length;
  const letters = input.text('letters') ?? 'alphanumeric';
  if (!isAlphabet(letters)) {
    const known = Object.keys(ALPHABETS).join(', ');
    return err(badOption('cli.bad-option', '--letters', `"${letters}" is none of ${known}`, 'Choose one of them.'));
  }
  const value = utf8(generateSecret(context.random, length.value ?? DEFAULT_LENGTH, letters));
  return withFleet(context, (fleet) => giveSecret(context, fleet, input, value));
}

function isAlphabet(text: string): text is Alphabet {
  return Object.hasOwn(ALPHABETS, text);
}

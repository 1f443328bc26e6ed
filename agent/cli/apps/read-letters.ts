import { ALPHABETS, type Alphabet } from '#shared/domain/apps/catalog/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';

/** Letters of a value that nobody has to see. */
const DEFAULT_LENGTH = 32;

/** What a value at random is made of. */
export interface Letters {
  readonly length: number;
  readonly letters: Alphabet;
}

/** Reads `--length` and `--letters`. */
export function readLetters(input: VerbInput): Result<Letters> {
  const length = numberOption(input, 'length', '--length', 12, 4_096);
  if (!length.ok) return length;
  const letters = input.text('letters') ?? 'alphanumeric';
  if (isAlphabet(letters)) return ok({ length: length.value ?? DEFAULT_LENGTH, letters });
  const known = Object.keys(ALPHABETS).join(', ');
  return err(badOption('cli.bad-option', '--letters', `"${letters}" is none of ${known}`, 'Choose one of them.'));
}

function isAlphabet(text: string): text is Alphabet {
  return Object.hasOwn(ALPHABETS, text);
}

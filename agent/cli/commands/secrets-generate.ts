import { generateSecret } from '#shared/domain/apps/catalog/index.ts';
import { type Result, utf8 } from '#shared/kernel/index.ts';
import { giveSecret } from '../apps/give-secret.ts';
import { readLetters } from '../apps/read-letters.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Gives a secret a value at random, made on this device and shown to nobody: a new secret, or another value of one. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const made = readLetters(input);
  if (!made.ok) return made;
  const value = utf8(generateSecret(context.random, made.value.length, made.value.letters));
  return withFleet(context, (fleet) => giveSecret(context, fleet, input, value));
}

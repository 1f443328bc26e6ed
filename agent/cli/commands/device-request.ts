import type { Result } from '#shared/kernel/index.ts';
import type { CliContext, Done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { joinAs } from './device-join.ts';

/** Asks to be let into a fleet, as a person's device or as one that runs by itself. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return joinAs(input.flag('automation') ? 'automation' : 'cli', context, input);
}

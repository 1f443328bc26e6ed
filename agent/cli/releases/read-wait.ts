import { ok, type Result } from '#shared/kernel/index.ts';
import { numberOption, type VerbInput } from '../options.ts';

/** How long a command waits for the end: 0 not at all, Infinity for as long as it takes. */
export interface Wait {
  readonly minutes: number;
}

/** Reads --wait, --wait MINUTES and --no-wait; `usual` is what counts where none was given, or no number. */
export function readWait(input: VerbInput, usual: number): Result<Wait> {
  if (input.choice('wait') === false) return ok({ minutes: 0 });
  const minutes = numberOption(input, 'wait', '--wait', 1, 10_080);
  return minutes.ok ? ok({ minutes: minutes.value ?? usual }) : minutes;
}

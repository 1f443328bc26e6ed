import type { StepRunner } from './step-table.ts';

/** One demo in its place, from its first process to the last thing it removes. */
export interface Demo {
  /** Builds, brings up and deploys; every step is printed with its time. */
  deploy(runner: StepRunner): Promise<void>;
  /** Proves from outside what the demo promises. */
  prove(runner: StepRunner): Promise<void>;
  /** Takes everything away again as a step of its own, where that has a proof; {@link Demo.end} does it in any case. */
  clearAway?(runner: StepRunner): Promise<void>;
  /** The closing words of a demo that stays up. */
  whatToTry(): string;
  /** What core and node said last. */
  lastWords(): string;
  /** Ends and removes all that the demo made, as far as it came. Safe to call twice. Gives what must be known. */
  end(): Promise<string[]>;
}

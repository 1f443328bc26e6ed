import type { StepName } from '#shared/contracts/link/messages.ts';
import { FaultError, type Result } from '#shared/kernel/index.ts';
import { engineFault } from '../engine/engine-fault.ts';
import type { OnStep } from './request.ts';

const TEXT_MAX = 2_000;

/** Tells the steps of one apply. A step that fails throws its fault, so that the steps after it do not run. */
export interface Stepper {
  /** Runs one step; what `work` returns is told as `done`. Engine errors become faults. */
  run<T>(step: StepName, begin: string, work: () => Promise<{ value: T; text: string }>): Promise<T>;
  progress(step: StepName, text: string): void;
  skip(step: StepName, text: string): void;
}

/** Steps that are told to `onStep` one by one. */
export function createStepper(onStep: OnStep, signal: AbortSignal): Stepper {
  const tell = (step: StepName, state: Parameters<OnStep>[0]['state'], text: string) =>
    onStep({ step, state, text: text.slice(0, TEXT_MAX) });
  return {
    run: async (step, begin, work) => {
      signal.throwIfAborted();
      tell(step, 'started', begin);
      try {
        const { value, text } = await work();
        tell(step, 'done', text);
        return value;
      } catch (cause) {
        signal.throwIfAborted();
        const fault = engineFault(cause, begin);
        tell(step, 'failed', fault.message);
        throw new FaultError(fault, { cause });
      }
    },
    progress: (step, text) => tell(step, 'progress', text),
    skip: (step, text) => tell(step, 'skipped', text),
  };
}

/** A stepper that tells everything as progress of one step: a rollback is one line of a job, with its parts below. */
export function nestedStepper(outer: Stepper, step: StepName, signal: AbortSignal): Stepper {
  return createStepper((event) => {
    if (event.state !== 'started') outer.progress(step, `${event.step}: ${event.text}`);
  }, signal);
}

/** The value, or the fault thrown. */
export function need<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FaultError(result.error);
}

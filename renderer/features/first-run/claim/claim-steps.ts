import type { CallInput } from '#shared/contracts/ipc/index.ts';

/** What a claim begins with. */
export type ClaimInput = CallInput<'beginClaim'>;

/** The steps of claiming a core, in their order. The desktop has no need of the one about browsers. */
export type ClaimStep = 'welcome' | 'core' | 'names' | 'words' | 'check' | 'browser';

/** All steps of this program. */
export function claimSteps(isDesktop: boolean): readonly ClaimStep[] {
  const all: readonly ClaimStep[] = ['welcome', 'core', 'names', 'words', 'check', 'browser'];
  return isDesktop ? all.filter((step) => step !== 'browser' && step !== 'core') : all;
}

/** The step after one; the last stays. */
export function nextStep(steps: readonly ClaimStep[], step: ClaimStep): ClaimStep {
  return steps[steps.indexOf(step) + 1] ?? step;
}

/** A typed recovery word against the shown one: case and blanks do not matter. */
export function isSameWord(typed: string, shown: string | undefined): boolean {
  return shown !== undefined && typed.trim().toLowerCase() === shown;
}

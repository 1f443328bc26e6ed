import type { ComposeFinding } from '../compose-editor/finding.ts';
import type { Allowed } from './AllowDialog.tsx';

/**
 * Parts what was found in a Compose file by what was allowed: findings that still stand, and the exceptions that the
 * file needs. One that it needs no more (its line was mended or is gone) is not asked of an owner.
 */
export function standingFindings(
  findings: readonly ComposeFinding[],
  allowed: readonly Allowed[],
): { readonly standing: readonly ComposeFinding[]; readonly needed: readonly Allowed[] } {
  const allows = (one: Allowed, { exception }: ComposeFinding) =>
    exception !== null &&
    exception.rule === one.rule &&
    exception.service === one.service &&
    exception.value === one.value;
  return {
    standing: findings.filter((finding) => !allowed.some((one) => allows(one, finding))),
    needed: allowed.filter((one) => findings.some((finding) => allows(one, finding))),
  };
}

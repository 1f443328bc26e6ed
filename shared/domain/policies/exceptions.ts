import type { SignedException } from '../apps/index.ts';
import { POLICY_RULES, type PolicyRuleId } from './rules.ts';

/** Whether some signed exception lifts this rule for this service, whatever its value: gate 1's coarse question. */
export function mayBeExcepted(exceptions: readonly SignedException[], rule: PolicyRuleId, service: string): boolean {
  if (POLICY_RULES[rule].exception === null) return false;
  return exceptions.some((one) => one.rule === rule && (one.service === null || one.service === service));
}

/** Whether a signed exception lifts this rule for exactly this value. Values are compared as written, no patterns. */
export function isExcepted(
  exceptions: readonly SignedException[],
  rule: PolicyRuleId,
  service: string,
  value: string,
): boolean {
  if (POLICY_RULES[rule].exception === null) return false;
  return exceptions.some(
    (one) => one.rule === rule && (one.service === null || one.service === service) && one.value === value,
  );
}

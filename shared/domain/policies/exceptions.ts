import { findRule, POLICY_RULES, type PolicyRuleId } from './rules.ts';

/** A guardrail that is set aside: what a release of the app says of it, beside the reason. */
export interface RuleAside {
  readonly rule: string;
  /** null: for every service of the app. */
  readonly service: string | null;
  readonly value: string;
}

/** Whether some signed exception lifts this rule for this service, whatever its value: gate 1's coarse question. */
export function mayBeExcepted(exceptions: readonly RuleAside[], rule: PolicyRuleId, service: string): boolean {
  if (POLICY_RULES[rule].exception === null) return false;
  return exceptions.some((one) => one.rule === rule && (one.service === null || one.service === service));
}

/** Whether a signed exception lifts this rule for exactly this value. Values are compared as written, no patterns. */
export function isExcepted(
  exceptions: readonly RuleAside[],
  rule: PolicyRuleId,
  service: string,
  value: string,
): boolean {
  if (POLICY_RULES[rule].exception === null) return false;
  return exceptions.some(
    (one) => one.rule === rule && (one.service === null || one.service === service) && one.value === value,
  );
}

/** An exception in words: what is open to whom, at what stake, and who said why. */
export function exceptionToText(aside: RuleAside & { readonly reason: string }): string {
  const { rule, service, value, reason } = aside;
  const title = findRule(rule)?.title ?? 'A guardrail that this version does not know';
  return `${title}: ${value}, for ${service ?? 'the whole app'} (guardrail ${rule}; reason: ${reason})`;
}

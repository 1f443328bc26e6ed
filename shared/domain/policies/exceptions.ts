import { err, fault, ok, type Result } from '../../kernel/index.ts';
import { findRule, POLICY_RULES, type PolicyRuleId } from './rules.ts';

/** A guardrail that is set aside: what a release of the app says of it, beside the reason. */
export interface RuleAside {
  readonly rule: string;
  /** null: for every service of the app. */
  readonly service: string | null;
  readonly value: string;
}

/** Whether a rule can be set aside at all. Errors: `exception.unknown-rule`, `exception.impossible`. */
export function decideException(id: string): Result<void> {
  const rule = findRule(id);
  const field = { field: 'rule' };
  if (rule?.exception) return ok();
  if (rule) {
    const text = `the guardrail ${id} takes no exception: ${rule.reason}`;
    return err(fault('exception.impossible', 'denied', text, rule.mend, field));
  }
  const able = Object.entries(POLICY_RULES).flatMap(([name, { exception }]) => (exception ? [name] : []));
  const next = `Those that take an exception: ${able.join(', ')}.`;
  return err(fault('exception.unknown-rule', 'permanent', `there is no guardrail "${id}"`, next, field));
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

/** Exceptions in one line, for a record: each with rule, service (or * for the whole app), value and reason. */
export function exceptionsToLine(asides: readonly (RuleAside & { readonly reason: string })[]): string {
  return asides.map(({ rule, service, value, reason }) => `${rule} ${service ?? '*'} ${value} (${reason})`).join('; ');
}

/** An exception in words: what is open to whom, at what stake, and who said why. */
export function exceptionToText(aside: RuleAside & { readonly reason: string }): string {
  const { rule, service, value, reason } = aside;
  const title = findRule(rule)?.title ?? 'A guardrail that this version does not know';
  return `${title}: ${value}, for ${service ?? 'the whole app'} (guardrail ${rule}; reason: ${reason})`;
}

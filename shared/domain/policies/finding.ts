import { type Fault, fault, shellWord } from '../../kernel/index.ts';
import { POLICY_RULES, type PolicyRuleId } from './rules.ts';

/** One place where a rule is broken. `line` and `column` count from 1; null when the place is in the resolved model. */
export interface Finding {
  readonly rule: PolicyRuleId;
  /** Dotted path, for instance `services.web.privileged`. */
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly service: string | null;
  /** What a signed exception would have to name, for rules that allow one; else what stands there. */
  readonly value: string;
}

/** The refusal of a gate: the first findings in words, the first one's parts in `detail`. */
export function findingsToFault(findings: readonly [Finding, ...Finding[]]): Fault {
  const [first] = findings;
  const rule = POLICY_RULES[first.rule];
  const shown = findings.slice(0, 5).map(inWords);
  if (findings.length > 5) shown.push(`and ${findings.length - 5} more`);
  const next = rule.exception ? `${rule.mend} As a command: \`${exceptionCommand(first)}\`.` : rule.mend;
  return fault(`gate.refused`, 'denied', shown.join('; '), next, {
    field: first.path,
    detail: {
      rule: first.rule,
      path: first.path,
      value: first.value.slice(0, 512),
      line: String(first.line ?? ''),
      column: String(first.column ?? ''),
      service: first.service ?? '',
      exception: rule.exception ? 'possible' : 'none',
      count: String(findings.length),
    },
  });
}

function inWords(finding: Finding): string {
  const where = finding.line === null ? '' : ` (line ${finding.line}, column ${finding.column})`;
  return `${finding.path}${where} is refused by guardrail ${finding.rule}: ${POLICY_RULES[finding.rule].reason}`;
}

/** The command that would sign the exception; APP stands for what a gate does not know, the name. */
function exceptionCommand({ rule, service, value }: Finding): string {
  const to = service === null ? [] : ['--service', service];
  return ['overseer', 'exceptions', 'add', 'APP', rule, value, ...to, '--reason', 'TEXT'].map(shellWord).join(' ');
}

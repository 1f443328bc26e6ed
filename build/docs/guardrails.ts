import { POLICY_LEVELS, POLICY_RULES, type PolicyLevel, type PolicyRule } from '#shared/domain/policies/index.ts';
import type { TestTitle } from './test-titles.ts';

/** The ids of guardrails that no test's title begins with. */
export function untestedRules(titles: readonly TestTitle[]): string[] {
  return Object.keys(POLICY_RULES).filter((rule) => testsOf(rule, titles).length === 0);
}

/** The page that lists every guardrail by its level: what, why, what instead, which exception, which tests. */
export function guardrailsPage(titles: readonly TestTitle[]): string {
  return [
    '# Guardrails',
    '',
    'Made from `shared/domain/policies/rules.ts`. A Compose file may not do what stands here. The device says so while you type and plan;',
    'the node refuses it whatever was signed, three times: in the raw text, in the model that Compose makes of it, and in the containers that',
    'the engine made of that.',
    '',
    'Some guardrails can be set aside by an **exception**: signed by an owner, for one app, one value and (if named) one service, with a reason.',
    'It stands in the release, and the plan, the audit log, the node and the screens show it. `overseer exceptions add APP RULE VALUE --reason TEXT`',
    'signs one, or the button beside the note in the Compose editor and then the plan; `overseer exceptions list` shows them all.',
    '',
    'For a folder or a device, an owner opens it on the node under a name first (`overseer nodes open folder media /srv/media --read-only`), and the',
    'exception names that in place of the path: `opened media:/media:ro` ([ADR 36](adr/0036-folders-opened-by-name.md)).',
    '',
    ...Object.keys(POLICY_LEVELS).flatMap((level) => levelPart(level as PolicyLevel, titles)),
  ].join('\n');
}

function levelPart(level: PolicyLevel, titles: readonly TestTitle[]): string[] {
  const rules = Object.entries<PolicyRule>(POLICY_RULES).filter(([, rule]) => rule.level === level);
  return [
    `## Level ${level}`,
    '',
    `${sentence(POLICY_LEVELS[level])}.`,
    '',
    ...rules.flatMap(([id, rule]) => rulePart(id, rule, titles)),
  ];
}

function rulePart(id: string, rule: PolicyRule, titles: readonly TestTitle[]): string[] {
  const tests = testsOf(id, titles).map(({ file, title }) => `${escapeMarkdown(title)} (\`${file}\`)`);
  return [
    `### ${id}`,
    '',
    `**${rule.title}**, in \`${rule.where}\`.`,
    '',
    `- Why: ${rule.reason}.`,
    `- Instead: ${rule.mend}`,
    `- Exception: ${rule.exception ? `value \`${rule.exception.value}\`` : 'none, whoever signs'}.`,
    ...tests.map((test) => `- Test: ${test}`),
    '',
  ];
}

function testsOf(rule: string, titles: readonly TestTitle[]): readonly TestTitle[] {
  return titles.filter(({ title }) => title === rule || title.startsWith(`${rule}: `));
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&');
}

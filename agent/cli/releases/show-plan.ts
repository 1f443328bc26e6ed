import type { Plan } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import { confirmYes } from '../device/confirm-yes.ts';
import type { VerbInput } from '../options.ts';
import type { Output } from '../output/output.ts';
import type { Tone } from '../output/style.ts';

const SIGNS: Record<Plan['lines'][number]['change'], [string, Tone]> = {
  add: ['+', 'good'],
  change: ['~', 'warn'],
  remove: ['-', 'bad'],
};

/** Prints a plan line by line, as it will be signed. */
export function printPlan(out: Output, title: string, plan: Plan): void {
  out.line(title, 'strong');
  printLines(out, plan.lines);
  printPlanEnd(out, plan);
}

/** Prints changes, one a line. */
export function printLines(out: Output, lines: Plan['lines']): void {
  const width = Math.max(0, ...lines.map(({ subject }) => subject.length));
  for (const { subject, change, text } of lines) {
    const [sign, tone] = SIGNS[change];
    out.line(`  ${sign} ${subject.padEnd(width)}  ${text}`, tone);
  }
}

/** Prints what follows from the changes: downtime, what is in the way, what is left to do. */
export function printPlanEnd(out: Output, plan: Plan): void {
  out.line(`  downtime: ${plan.downtime.text}`, plan.downtime.kind === 'none' ? 'plain' : 'warn');
  for (const { message, next } of plan.blocked) {
    out.line(`  blocked: ${message}`, 'bad');
    out.line(`  fix: ${next}`);
  }
  for (const task of plan.byHand) out.line(`  by hand: ${task}`, 'warn');
}

/** Asks the person to confirm; `--yes` answers for a script. */
export function confirmPlan(context: CliContext, input: VerbInput, question: string): Promise<Result<void>> {
  const kept = 'The edit is kept; nothing was signed.';
  return confirmYes(context, input, { question, what: 'the plan', look: '`overseer apps plan …`', kept });
}

import type { PlanLineView, PlanView } from '#shared/contracts/ipc/index.ts';

export interface PlanGroup {
  readonly subject: PlanLineView['subject'];
  readonly lines: readonly PlanLineView[];
}

/** A plan's lines by what they change, in the order in which subjects first come. Exceptions are shown apart. */
export function groupPlanLines(lines: readonly PlanLineView[]): {
  groups: PlanGroup[];
  exceptions: readonly PlanLineView[];
} {
  const groups = new Map<PlanLineView['subject'], PlanLineView[]>();
  const exceptions: PlanLineView[] = [];
  for (const line of lines) {
    if (line.subject === 'exception') exceptions.push(line);
    else groups.set(line.subject, [...(groups.get(line.subject) ?? []), line]);
  }
  return { groups: [...groups].map(([subject, own]) => ({ subject, lines: own })), exceptions };
}

/** PRO-6: what a proposal brings, and what waited before it; all lines are the first where nobody asked. */
export function linesApart({ lines, asked }: Pick<PlanView, 'lines' | 'asked'>): {
  asked: readonly PlanLineView[];
  waiting: readonly PlanLineView[];
} {
  if (asked === undefined) return { asked: lines, waiting: [] };
  const brought = new Set(asked.lines);
  return { asked: lines.filter(({ id }) => brought.has(id)), waiting: lines.filter(({ id }) => !brought.has(id)) };
}

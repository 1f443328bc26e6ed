import type { PlanLineView } from '#shared/contracts/ipc/index.ts';

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

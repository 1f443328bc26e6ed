import type { Proposal } from '#shared/contracts/rest/index.ts';
import type { Output } from './output.ts';

/** A proposal in lines: who asks for what, and what became of it. */
export function printProposal(out: Output, proposal: Proposal): void {
  const { id, state, verb, by, createdAt, expiresAt, settled, jobs, content } = proposal;
  out.table(
    ['what', 'value'],
    [
      ['proposal', id],
      ['state', state],
      ['asks', `${verb} ${proposal.verb === 'create' ? proposal.content.changes.name : (proposal.appId ?? '')}`],
      ['by', `${by.kind} "${by.name}", as the core says`],
      ['made', `${createdAt}, waits until ${expiresAt}`],
      ...(content.note === '' ? [] : [['note', content.note]]),
      ...(settled === null
        ? []
        : [['settled', `${settled.at} by ${settled.by}${settled.reason && `: ${settled.reason}`}`]]),
      ...jobs.map((job) => ['job', job]),
    ],
  );
  const changes = Object.entries(content.changes).filter(([key]) => key !== 'name' && key !== 'node');
  if (changes.length > 0) out.line();
  for (const [key, value] of changes)
    for (const [index, line] of textOf(value).split('\n').entries())
      out.line(`${index === 0 ? key.padEnd(9) : ' '.repeat(9)} ${line}`);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trimEnd();
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, one]) => `${key} = ${typeof one === 'object' ? JSON.stringify(one) : String(one)}`)
    .join('\n');
}

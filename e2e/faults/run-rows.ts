import type { Control, Found, Grounds, Row } from './row.ts';

/** A row that ran, or why it did not. */
export interface Ran {
  readonly id: string;
  readonly title: string;
  readonly found?: Found;
  readonly control?: Control;
  readonly error?: string;
  readonly tookMs: number;
}

/** Runs rows one after the other, each with its control. A row that throws is told and keeps no other from running. */
export async function runRows(rows: readonly Row[], grounds: Grounds): Promise<Ran[]> {
  const ran: Ran[] = [];
  for (const { id, title, run, control } of rows) {
    grounds.note(`── ${id}: ${title}`);
    const started = performance.now();
    const took = () => Math.round(performance.now() - started);
    try {
      const found = await run(grounds);
      const seen = await control(grounds);
      ran.push({ id, title, found, control: seen, tookMs: took() });
    } catch (cause) {
      ran.push({
        id,
        title,
        error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
        tookMs: took(),
      });
    }
    grounds.note(verdictOf(ran.at(-1) as Ran).join('\n') || `   ${id} held after ${took()} ms`);
  }
  return ran;
}

/** Why a row does not count as held; empty when it does. */
export function verdictOf({ id, found, control, error }: Ran): string[] {
  if (error !== undefined) return [`${id} did not end: ${error}`];
  const why = (found?.problems ?? []).map((problem) => `${id}: ${problem}`);
  if (found && found.lost > 0) why.push(`${id}: ${found.lost} acknowledged writes were lost`);
  if (control?.seen !== true) why.push(`${id}: its control saw nothing (${control?.what}), so the row proves nothing`);
  return why;
}

/** The ids that were wanted and did not run to their end. */
export function notRun(wanted: Readonly<Record<string, string>>, ran: readonly Ran[]): string[] {
  const ended = new Set(ran.filter(({ found, control }) => found && control).map(({ id }) => id));
  return Object.entries(wanted)
    .filter(([id]) => !ended.has(id))
    .map(([id, what]) => `${id} (${what})`);
}

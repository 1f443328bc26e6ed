import { actorName, readAudit } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { numberOption, type VerbInput } from '../options.ts';

/** Lists who did what: the newest entries, oldest first, or those after a number. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const limit = numberOption(input, 'limit', '--limit', 1, 1_000_000);
    if (!limit.ok) return limit;
    const after = numberOption(input, 'after', '--after', 0, Number.MAX_SAFE_INTEGER);
    if (!after.ok) return after;
    const entries = await readAudit(fleet, after.value ?? -1);
    if (!entries.ok) return entries;
    const most = limit.value ?? (context.out.json ? 1_000 : 100);
    const shown = after.value === undefined ? entries.value.slice(-most) : entries.value.slice(0, most);
    return done(
      shown.map(({ envelope: _, ...entry }) => entry),
      (out) =>
        out.table(
          ['seq', 'at', 'who', 'action', 'what', 'outcome'],
          shown.map((entry) => [
            String(entry.seq),
            entry.at,
            actorName(fleet.trust(), entry),
            entry.action,
            Object.entries(entry.subject)
              .map(([key, value]) => `${key}=${isWhole(key, value) ? value : `${value.slice(0, 12)}…`}`)
              .join(' '),
            entry.fault ? `${entry.outcome}: ${entry.fault}` : entry.outcome,
          ]),
        ),
    );
  });
}

/** Ids and hashes are cut; what was set aside of the guardrails is read whole. */
function isWhole(key: string, value: string): boolean {
  return value.length <= 30 || key === 'exceptions';
}

import type { CallOutput } from '#shared/contracts/ipc/index.ts';

export type AuditEntry = CallOutput<'listAudit'>['entries'][number];

export interface AuditFilter {
  /** Kind of actor; null: all. */
  readonly actor: AuditEntry['actor']['kind'] | null;
  /** An action, or what stands before its dot. */
  readonly action: string | null;
  /** Id of an app that the subject names. */
  readonly appId: string | null;
  readonly outcome: AuditEntry['outcome'] | null;
  /** Every word must occur somewhere in the entry. */
  readonly text: string;
}

export const everything: AuditFilter = { actor: null, action: null, appId: null, outcome: null, text: '' };

/** The entries that fit, in their order. */
export function filterEntries(entries: readonly AuditEntry[], filter: AuditFilter): AuditEntry[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (filter.actor !== null && entry.actor.kind !== filter.actor) return false;
    if (filter.outcome !== null && entry.outcome !== filter.outcome) return false;
    if (filter.action !== null && entry.action !== filter.action && areaOf(entry.action) !== filter.action)
      return false;
    if (filter.appId !== null && !Object.values(entry.subject).includes(filter.appId)) return false;
    if (words.length === 0) return true;
    const haystack = [
      String(entry.seq),
      entry.by,
      entry.actor.id,
      entry.action,
      entry.fault ?? '',
      entry.hash,
      entry.at,
      ...Object.entries(entry.subject).flat(),
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

/** Whether a filter lets everything through. */
export function isUnfiltered(filter: AuditFilter): boolean {
  const { actor, action, appId, outcome, text } = filter;
  return actor === null && action === null && appId === null && outcome === null && text.trim() === '';
}

/** Actions that occur, sorted, for the choice of the filter. */
export function actionsOf(entries: readonly AuditEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.action))].sort();
}

function areaOf(action: string): string {
  return action.split('.')[0] ?? action;
}

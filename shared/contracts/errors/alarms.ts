import type { codes } from './codes.ts';

const ALARMS: ReadonlySet<string> = new Set<keyof typeof codes>(['audit.other-record', 'audit.split-view']);

/** AUD-8: whether a fault says that two records of what happened differ. It stands until a person has settled it. */
export function isAlarm(code: string): boolean {
  return ALARMS.has(code);
}

import { absoluteTime } from '#renderer/words/values.ts';

/** Names for ids that a screen knows. */
export interface SubjectNames {
  app(id: string): string | undefined;
  node(id: string): string | undefined;
}

/** What an entry is about, by names where they are known: `app feeds, node cellar, number 3`. */
export function describeSubject(subject: Readonly<Record<string, string>>, names: SubjectNames): string {
  return Object.entries(subject)
    .map(([key, value]) => `${shortKey(key)} ${names.app(value) ?? names.node(value) ?? shorten(value)}`)
    .join(', ');
}

/** `appId` is `app`, `expiresAt` is `expires`. */
function shortKey(key: string): string {
  return key.replace(/(Id|At)$/, '');
}

/** Times are told as people read them, hashes and ids by their beginning; the entry itself shows all of them. */
function shorten(value: string): string {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return absoluteTime(value);
  return /^[0-9a-z]{20,}$/.test(value) ? `${value.slice(0, 8)}…` : value;
}

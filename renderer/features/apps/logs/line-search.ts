import type { LineBuffer } from './line-buffer.ts';

/**
 * Finds text in a log that grows while it is searched: each line is looked at once. Letter case is ignored; an empty
 * text finds nothing.
 */
export class LineSearch {
  readonly text: string;
  readonly #wanted: string;
  #keys: number[] = [];
  #seen = 0;

  constructor(text: string) {
    this.text = text;
    this.#wanted = text.toLowerCase();
  }

  /** Looks at what came since and forgets what fell out. Gives the keys of the lines that match, oldest first. */
  update(buffer: LineBuffer): readonly number[] {
    if (this.#wanted === '') return [];
    const gone = this.#keys.findIndex((key) => key >= buffer.first);
    if (gone !== 0 && this.#keys.length > 0) this.#keys = gone < 0 ? [] : this.#keys.slice(gone);
    for (let key = Math.max(this.#seen, buffer.first); key < buffer.end; key++)
      if (buffer.line(key)?.text.toLowerCase().includes(this.#wanted)) this.#keys.push(key);
    this.#seen = Math.max(this.#seen, buffer.end);
    return this.#keys;
  }
}

/** The match after (or before) the line that is looked at, around the end; null when there is none. */
export function nextMatch(keys: readonly number[], current: number | null, direction: 1 | -1): number | null {
  if (keys.length === 0) return null;
  if (current === null) return (direction === 1 ? keys[0] : keys.at(-1)) ?? null;
  const found = direction === 1 ? keys.find((key) => key > current) : keys.findLast((key) => key < current);
  return found ?? (direction === 1 ? keys[0] : keys.at(-1)) ?? null;
}

/** A text cut where a wanted text stands in it, letter case ignored. */
export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
  /** Where the part begins in the whole text. */
  readonly at: number;
}

/** Cuts a text at each place where the wanted text stands. */
export function splitMatches(text: string, wanted: string): TextPart[] {
  if (wanted === '') return [{ text, isMatch: false, at: 0 }];
  const parts: TextPart[] = [];
  const lower = text.toLowerCase();
  // A few letters change their length in lower case (İ): then places would not fit, and nothing is marked.
  if (lower.length !== text.length) return [{ text, isMatch: false, at: 0 }];
  const needle = wanted.toLowerCase();
  let from = 0;
  for (let found = lower.indexOf(needle); found >= 0; found = lower.indexOf(needle, from)) {
    if (found > from) parts.push({ text: text.slice(from, found), isMatch: false, at: from });
    parts.push({ text: text.slice(found, found + needle.length), isMatch: true, at: found });
    from = found + needle.length;
  }
  if (from < text.length || parts.length === 0) parts.push({ text: text.slice(from), isMatch: false, at: from });
  return parts;
}

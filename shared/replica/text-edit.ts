import type * as Y from 'yjs';

/** Turns a Y.Text into `next` by one deletion and one insertion between the common ends, so that distant edits merge. */
export function applyTextEdit(text: Y.Text, next: string): void {
  const current = text.toString();
  if (current === next) return;
  const longest = Math.min(current.length, next.length);
  let start = 0;
  while (start < longest && current[start] === next[start]) start++;
  let end = 0;
  while (end < longest - start && current[current.length - 1 - end] === next[next.length - 1 - end]) end++;
  // Never cut a surrogate pair: half a character would travel in the update.
  if (start > 0 && isHighSurrogate(current.charCodeAt(start - 1))) start--;
  if (end > 0 && isLowSurrogate(current.charCodeAt(current.length - end))) end--;
  const removed = current.length - start - end;
  if (removed > 0) text.delete(start, removed);
  const inserted = next.slice(start, next.length - end);
  if (inserted.length > 0) text.insert(start, inserted);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

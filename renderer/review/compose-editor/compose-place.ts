/** Where a cursor stands in a YAML text, found by indentation alone, so that a half-typed file is no hindrance. */
export interface Place {
  /** Keys from the top down; `[]` stands for an item of a list. */
  readonly path: readonly string[];
  /** `key`: a key may begin here. `value`: behind a colon, or the text of a list's item. */
  readonly kind: 'key' | 'value';
  /** What is typed of it so far, and where that begins. */
  readonly typed: string;
  readonly from: number;
  /** Keys that stand beside it already. */
  readonly siblings: readonly string[];
  /** Column of the key, in spaces. */
  readonly indent: number;
}

interface Line {
  readonly indent: number;
  readonly isItem: boolean;
  readonly key: string | null;
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#:'"[\]{},&*!|>%@-][^#:]*?|[A-Za-z0-9_.-]+))\s*:(?:\s|$)/;

/** Finds the place of an offset; null inside a comment or a quoted text, where nothing can be offered. */
export function findPlace(text: string, offset: number): Place | null {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  if (/(^|\s)#/.test(before) || hasOpenQuote(before)) return null;
  const above = text.slice(0, start).split('\n').slice(0, -1);
  if (isInBlock(above, indentOf(before))) return null;

  let rest = before.slice(indentOf(before));
  let indent = indentOf(before);
  const items: number[] = [];
  for (let dash = /^-(\s+|$)/.exec(rest); dash; dash = /^-(\s+|$)/.exec(rest)) {
    items.push(indent);
    indent += dash[0].length;
    rest = rest.slice(dash[0].length);
  }
  const key = KEY.exec(rest);
  const parents = parentsOf(above, items[0] ?? indent, items.length > 0);
  const path = [...parents, ...items.map(() => '[]')];
  if (key) {
    const typed = rest.slice(key[0].length).trimStart();
    return { path: [...path, keyOf(key)], kind: 'value', typed, from: offset - typed.length, siblings: [], indent };
  }
  const siblings = siblingsOf(text, start, items.length > 0 ? indent : indentOf(before), items.length > 0);
  return { path, kind: 'key', typed: rest, from: offset - rest.length, siblings, indent };
}

/** Names below one key at the top, for instance all services, in their order. */
export function namesBelow(text: string, topKey: string): string[] {
  const names: string[] = [];
  let isInside = false;
  let depth: number | null = null;
  for (const raw of text.split('\n')) {
    const line = readLine(raw);
    if (line === null) continue;
    if (line.indent === 0) {
      isInside = line.key === topKey;
      depth = null;
      continue;
    }
    if (!isInside || line.key === null || line.isItem) continue;
    depth ??= line.indent;
    if (line.indent === depth) names.push(line.key);
  }
  return names;
}

/** Walks up from a line to the top; of a list's item the key it belongs to may stand at the same column. */
function parentsOf(above: readonly string[], indent: number, isItem: boolean): string[] {
  const path: string[] = [];
  let limit = indent;
  let mayEqual = isItem;
  for (let index = above.length - 1; index >= 0 && (limit > 0 || mayEqual); index--) {
    const raw = above[index] as string;
    const line = readLine(raw);
    if (line === null || line.indent > limit) continue;
    if (line.indent === limit && (line.isItem || !mayEqual)) continue;
    if (line.key !== null && !(line.isItem && line.indent + itemOffset(raw) >= limit)) path.unshift(line.key);
    if (line.isItem) path.unshift('[]');
    limit = line.indent;
    mayEqual = line.isItem;
  }
  return path;
}

function siblingsOf(text: string, start: number, indent: number, isItem: boolean): string[] {
  const lines = text.split('\n');
  const here = text.slice(0, start).split('\n').length - 1;
  const column = (raw: string, line: Line) => (line.isItem ? line.indent + itemOffset(raw) : line.indent);
  const keys: string[] = [];
  const walk = (from: number, step: 1 | -1): void => {
    for (let index = from; index >= 0 && index < lines.length; index += step) {
      const raw = lines[index] as string;
      const line = readLine(raw);
      if (line === null) continue;
      const at = column(raw, line);
      if (at < indent || (line.isItem && step === 1 && line.indent < indent)) return;
      if (at === indent && line.key !== null) keys.push(line.key);
      if (line.isItem && line.indent < indent) return;
    }
  };
  if (!isItem) walk(here - 1, -1);
  walk(here + 1, 1);
  return keys;
}

/** Whether a line of this indent stands inside a block of text (`|` or `>`). */
function isInBlock(above: readonly string[], indent: number): boolean {
  for (let index = above.length - 1; index >= 0; index--) {
    const raw = above[index] as string;
    if (raw.trim() === '' || indentOf(raw) >= indent) continue;
    return /[:-]\s+[|>][+-]?\d?\s*(#.*)?$/.test(raw);
  }
  return false;
}

function readLine(raw: string): Line | null {
  const trimmed = raw.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return null;
  const indent = indentOf(raw);
  const isItem = /^-(\s|$)/.test(trimmed);
  const body = isItem ? trimmed.replace(/^-\s*/, '') : trimmed;
  const key = KEY.exec(body);
  return { indent, isItem, key: key ? keyOf(key) : null };
}

function keyOf(match: RegExpExecArray): string {
  return match[1] ?? match[2] ?? match[3] ?? '';
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function itemOffset(raw: string): number {
  return /^-\s*/.exec(raw.trimStart())?.[0].length ?? 0;
}

function hasOpenQuote(before: string): boolean {
  const plain = before.replace(/\\./g, '');
  return (
    (plain.match(/"/g)?.length ?? 0) % 2 === 1 ||
    (plain.match(/(^|[\s[,:])'/g)?.length ?? 0) > (plain.match(/'(\s|$|[\],:])/g)?.length ?? 0)
  );
}

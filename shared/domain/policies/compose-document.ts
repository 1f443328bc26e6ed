import { type Document, isMap, type YAMLMap } from 'yaml';
import { err, type Fault, fault, ok, type Result } from '../../kernel/index.ts';
import { readYaml } from '../yaml/index.ts';
import { writtenOut } from './written-out.ts';

/** Largest Compose file that is read, in UTF-8 bytes. */
export const COMPOSE_MAX_BYTES = 262_144;

/** Deepest nesting that is read. */
export const COMPOSE_MAX_DEPTH = 32;

const MAX_ALIASES = 200;

/** Most nodes that a file may have once its aliases are written out: a hundred aliases make thousands of millions. */
const MAX_NODES = 50_000;

/** A Compose file that is safe to walk: bounded, without duplicate keys, and a mapping at its top. */
export interface ComposeDocument {
  readonly root: YAMLMap;
  readonly document: Document;
  /** Line and column of an offset in the text, both from 1. */
  position(offset: number): { line: number; column: number };
}

/**
 * Reads a Compose file. Size and nesting are bounded before the parser sees a byte: a hundred thousand brackets
 * overflow its stack. Errors: `compose.too-large`, `compose.too-deep`, `compose.invalid` with line and column.
 */
export function parseComposeDocument(text: string): Result<ComposeDocument> {
  const size = new TextEncoder().encode(text).length;
  if (size > COMPOSE_MAX_BYTES)
    return err(invalid('compose.too-large', `it has ${size} bytes, at most ${COMPOSE_MAX_BYTES} are taken`, null));
  if (seemsTooDeep(text))
    return err(invalid('compose.too-deep', `it is nested deeper than ${COMPOSE_MAX_DEPTH} levels`, null));
  const yaml = readYaml(text);
  if (yaml.problem !== undefined) return err(invalid('compose.invalid', yaml.problem, yaml.at));
  const { document, position } = yaml;
  const aliases = countAliases(text);
  if (aliases > MAX_ALIASES)
    return err(invalid('compose.too-deep', `it has ${aliases} aliases, at most ${MAX_ALIASES} are taken`, null));
  if (!isMap(document.contents))
    return err(invalid('compose.invalid', 'a Compose file is a mapping with services', { line: 1, column: 1 }));
  if (writtenOut(document, MAX_NODES) > MAX_NODES)
    return err(invalid('compose.too-deep', `its aliases stand for more than ${MAX_NODES} values`, null));
  return ok({ root: document.contents, document, position });
}

/** Counts open flow brackets and compact block indicators without understanding quotes: too strict, never too lax. */
function seemsTooDeep(text: string): boolean {
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open++;
    else if ((char === ']' || char === '}') && open > 0) open--;
    if (open > COMPOSE_MAX_DEPTH * 8) return true;
  }
  return new RegExp(`^[ \\t]*(?:[-?:][ \\t]+){${COMPOSE_MAX_DEPTH},}`, 'm').test(text);
}

function countAliases(text: string): number {
  return text.match(/(?:^|[\s[{,:-])\*[^\s,\]}]+/g)?.length ?? 0;
}

function invalid(code: string, what: string, at: { line: number; column: number } | null): Fault {
  const where = at ? ` at line ${at.line}, column ${at.column}` : '';
  const detail: Record<string, string> = at ? { line: String(at.line), column: String(at.column) } : {};
  const next = 'Correct the file at that place and plan again.';
  return fault(code, 'permanent', `The Compose file can not be used${where}: ${what}.`, next, {
    field: 'compose',
    detail,
  });
}

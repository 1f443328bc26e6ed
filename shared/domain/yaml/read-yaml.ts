import { type Document, isMap, isScalar, Lexer, LineCounter, parseDocument, visit } from 'yaml';

/**
 * Words and signs of a text. A Compose file of 1,700 lines has as many; a parser makes a node of each, so this bounds what
 * a text costs: 256 KiB of empty brackets took 100 MB.
 */
const MAX_TOKENS = 12_000;

/** Flow collections inside each other: the parser recurses over them, and a hundred thousand overflow its stack. */
const MAX_FLOW_DEPTH = 256;

/** Place in a text, both from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML text that was read, with the place of an offset in it; or why it is not read, and where. */
export type YamlText =
  | { readonly document: Document.Parsed; position(offset: number): Place; readonly problem?: undefined }
  | { readonly problem: string; readonly at: Place | null };

/**
 * Reads a YAML text that came from somebody else: bounded before the parser sees it, keys each once. Of what it refuses
 * it names the first place.
 */
export function readYaml(text: string): YamlText {
  if (text.includes('\0')) return { problem: 'it holds a NUL character', at: null };
  const lines = new LineCounter();
  const position = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  let document: Document.Parsed;
  try {
    const tooMuch = boundsProblem(text);
    if (tooMuch !== undefined) return { problem: tooMuch, at: null };
    // Of a mapping with twenty thousand keys the parser's own search for twins takes four seconds: it is done below.
    const options = {
      version: '1.2',
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    } as const;
    document = parseDocument(text, options);
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : 'it can not be read', at: null };
  }
  // An unknown tag is no fault of the text: whether it may stand there is for the rules to say.
  const problem = document.errors[0] ?? document.warnings.find(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  if (problem) return { problem: firstLine(problem.message), at: position(problem.pos[0]) };
  const twin = firstTwin(document);
  if (twin !== undefined) return { problem: 'Map keys must be unique', at: position(twin) };
  return { document, position };
}

/** Signs of nesting one after another in a line, as in `? ? ? a`: a parser fills the memory over a few thousand. */
const MAX_COMPACT_DEPTH = 32;
const tooCompact = new RegExp(`(?:[-?:][ \\t]+){${MAX_COMPACT_DEPTH + 1}}`);

function boundsProblem(text: string): string | undefined {
  if (tooCompact.test(text)) return `it has more than ${MAX_COMPACT_DEPTH} signs of nesting one after another`;
  let tokens = 0;
  let open = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '[' || token === '{') open += 1;
    else if (token === ']' || token === '}') open -= 1;
    if (tokens > MAX_TOKENS) return `it has more than ${MAX_TOKENS} words and signs`;
    if (open > MAX_FLOW_DEPTH) return `it has more than ${MAX_FLOW_DEPTH} brackets inside each other`;
  }
  return undefined;
}

/** The offset of the first key that stands twice in one mapping. */
function firstTwin(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map(_key, map) {
      if (!isMap(map)) return undefined;
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          found = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

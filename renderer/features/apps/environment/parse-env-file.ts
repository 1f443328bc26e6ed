/** One variable of a pasted `.env` file. */
export interface EnvEntry {
  readonly key: string;
  readonly value: string;
  /** Where it stood, from 1. */
  readonly line: number;
}

/** A line that is no variable, and why. */
export interface EnvProblem {
  readonly line: number;
  readonly text: string;
  readonly reason: 'no-equals' | 'bad-name' | 'open-quote' | 'too-long' | 'twice';
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const MAX_VALUE = 32_768;

/**
 * Reads what people paste from a `.env` file, by Compose's own rules: comments, `export`, single quotes as written,
 * double quotes with escapes and over several lines, comments after a space. Of a name that stands twice the last
 * value counts, and the earlier line is named.
 */
export function parseEnvFile(text: string): { entries: EnvEntry[]; problems: EnvProblem[] } {
  const entries = new Map<string, EnvEntry>();
  const problems: EnvProblem[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const raw = lines[index] as string;
    const number = index + 1;
    const trimmed = raw.trim().replace(/^export\s+/, '');
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const equals = trimmed.indexOf('=');
    const refuse = (reason: EnvProblem['reason']) => problems.push({ line: number, text: raw.trim(), reason });
    if (equals < 0) {
      refuse('no-equals');
      continue;
    }
    const key = trimmed.slice(0, equals).trim();
    if (!NAME.test(key)) {
      refuse('bad-name');
      continue;
    }
    const read = readValue(trimmed.slice(equals + 1).trimStart(), lines, index);
    if (read === null) {
      refuse('open-quote');
      continue;
    }
    index = read.lastLine;
    if (read.value.length > MAX_VALUE) {
      refuse('too-long');
      continue;
    }
    const before = entries.get(key);
    if (before) problems.push({ line: before.line, text: key, reason: 'twice' });
    entries.delete(key);
    entries.set(key, { key, value: read.value, line: number });
  }
  return { entries: [...entries.values()], problems };
}

function readValue(rest: string, lines: readonly string[], index: number): { value: string; lastLine: number } | null {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'") return { value: rest.replace(/(^|\s)#.*$/, '').trimEnd(), lastLine: index };
  let text = rest.slice(1);
  for (let line = index; ; ) {
    const end = closingQuote(text, quote);
    if (end >= 0) {
      const inner = text.slice(0, end);
      return { value: quote === '"' ? resolveEscapes(inner) : inner, lastLine: line };
    }
    line++;
    if (line >= lines.length) return null;
    text += `\n${lines[line]}`;
  }
}

function closingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

function resolveEscapes(text: string): string {
  return text.replace(/\\([nrt"\\$])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

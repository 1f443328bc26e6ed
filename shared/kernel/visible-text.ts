/** Longest piece of foreign text shown on one line, in characters. */
export const MAX_LINE_CHARACTERS = 16_384;

/** Control, format (bidi), private, surrogate and line-separator characters: all that can move a cursor or lie. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text that a terminal or a screen can only show, never obey (A8-26): an escape sequence, a carriage return or a bidi control
 * appears as `\x1b`, `\r`, `\u{202e}`. A tab stays. One line in, one line out; too long a line is cut and says so.
 */
export function visibleText(text: string): string {
  const cut = text.length > MAX_LINE_CHARACTERS;
  const shown = (cut ? text.slice(0, MAX_LINE_CHARACTERS) : text).replace(UNSAFE, escapeCharacter);
  return cut ? `${shown}… (${text.length - MAX_LINE_CHARACTERS} more characters)` : shown;
}

function escapeCharacter(character: string): string {
  if (character === '\t') return character;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Splits text at its own line breaks; each line still needs visibleText. */
export function textLines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

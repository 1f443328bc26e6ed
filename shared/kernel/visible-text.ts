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

function escapeCharacter(character: string, at: number, text: string): string {
  if (character === '\t' || (character === '\u200d' && joinsPictures(text, at))) return character;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** The joiner inside of an emoji that is made of several: elsewhere it only hides. */
function joinsPictures(text: string, at: number): boolean {
  const before = /\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?$/u.test(text.slice(Math.max(0, at - 4), at));
  return before && /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3));
}

/** Foreign text of several lines, each as visibleText shows it. */
export function visibleLines(text: string): string {
  return textLines(text).map(visibleText).join('\n');
}

/**
 * JSON of the same value in which a terminal finds nothing to obey (A8-26): JSON itself leaves C1 controls, bidi controls
 * and line separators as they are. Line breaks between documents stay.
 */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character === '\n' || character === '\t') return character;
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** Splits text at its own line breaks; each line still needs visibleText. */
export function textLines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

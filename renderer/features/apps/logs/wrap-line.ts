/** Widest that a tab is drawn, in columns; the style sheet of the log says the same. */
export const TAB_COLUMNS = 4;

/** Scripts and symbols that take two columns of a fixed-width font. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const SIMPLE = /^[\x20-\x7e]*$/;

/** One row of a wrapped line: a piece of its text, and where that begins. */
export interface Row {
  readonly from: number;
  readonly to: number;
}

/** How many rows a text takes; cheap for plain text, which is nearly all. */
export function countRows(text: string, columns: number): number {
  if (SIMPLE.test(text)) return Math.max(1, Math.ceil(text.length / columns));
  return wrapLine(text, columns).length;
}

/**
 * Cuts a text into rows of at most so many columns. Rows of one height are what lets twenty thousand lines scroll
 * without one of them being measured. A tab takes as many columns as it can at most; a mark that joins the letter
 * before it takes none.
 */
export function wrapLine(text: string, columns: number): Row[] {
  const rows: Row[] = [];
  let from = 0;
  let used = 0;
  let at = 0;
  for (const character of text) {
    const width = columnsOf(character);
    if (used + width > columns && at > from) {
      rows.push({ from, to: at });
      from = at;
      used = 0;
    }
    used += width;
    at += character.length;
  }
  rows.push({ from, to: at });
  return rows;
}

function columnsOf(character: string): number {
  if (character === '\t') return TAB_COLUMNS;
  if (character.charCodeAt(0) < 0x300) return 1;
  if (/\p{Mn}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

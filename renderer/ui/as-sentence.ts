/**
 * Faults are written to follow a colon: here they stand alone. What begins them keeps its spelling where it is no word,
 * such as a host name.
 */
export function asSentence(text: string): string {
  return /^\p{Ll}[\p{L}’']*(?=[\s,;:.]|$)(?!\.\S)/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

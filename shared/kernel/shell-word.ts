/** A text as one word of a POSIX shell, so that a command with a name that a person chose can be pasted as it is. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9._:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Replaces the text between `<!-- generated:NAME -->` and `<!-- /generated -->`. Throws when the marks are not there. */
export function replaceBlock(text: string, name: string, content: string): string {
  const open = `<!-- generated:${name} -->`;
  const close = '<!-- /generated -->';
  const from = text.indexOf(open);
  const to = text.indexOf(close, from);
  if (from < 0 || to < 0) throw new Error(`there is no ${open} … ${close} to fill`);
  return `${text.slice(0, from + open.length)}\n${content.trim()}\n${text.slice(to)}`;
}

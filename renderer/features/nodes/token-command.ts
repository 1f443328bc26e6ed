/** The command by which an owner's device invites a server, ready for a POSIX shell. */
export function tokenCommand(name: string): string {
  const wanted = name.trim() || 'cellar';
  const word = /^[A-Za-z0-9._-]+$/.test(wanted) ? wanted : `'${wanted.replaceAll("'", "'\\''")}'`;
  return `overseer nodes token --name ${word}`;
}

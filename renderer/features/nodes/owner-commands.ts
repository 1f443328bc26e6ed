/** Invites a server, on an owner's device. */
export function tokenCommand(name: string): string {
  return `overseer nodes token --name ${shellWord(name.trim() || 'cellar')}`;
}

/** Sets up the reverse proxy of a server, on an owner's device. */
export function ingressCommand(node: string): string {
  return `overseer ingress enable --node ${shellWord(node)} --email me@example.com`;
}

/** Gives a server a Cloudflare token, on an owner's device. */
export function cloudflareCommand(node: string): string {
  return `overseer integrations cloudflare set --node ${shellWord(node)} --token-file token`;
}

/** A text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9._-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

import { shellWord } from '#shared/kernel/index.ts';

/** Invites a server, on an owner's device. */
export function tokenCommand(name: string): string {
  return `overseer nodes token --name ${shellWord(name.trim() || 'cellar')}`;
}

/** Gives a server a Cloudflare token, on an owner's device. */
export function cloudflareCommand(node: string): string {
  return `overseer integrations cloudflare set --node ${shellWord(node)} --token-file token`;
}

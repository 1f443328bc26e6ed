import { shellWord } from '#shared/kernel/index.ts';

/** Invites a server, on an owner's device. */
export function tokenCommand(name: string): string {
  return `overseer nodes token --name ${shellWord(name.trim() || 'cellar')}`;
}

/** Gives a server a Cloudflare token, on an owner's device. */
export function cloudflareCommand(node: string): string {
  return `overseer integrations cloudflare set --node ${shellWord(node)} --token-file token`;
}

/** Lets a server go on without what it has forgotten, on an owner's device. */
export function goOnCommand(node: string): string {
  return `overseer nodes go-on ${shellWord(node)}`;
}

/** Opens a folder of a server to apps, on an owner's device: the path stands for what the person means. */
export function openCommand(node: string): string {
  return `overseer nodes open folder media /srv/media --node ${shellWord(node)} --read-only`;
}

/** Closes what was opened, on an owner's device. */
export function closeCommand(node: string, what: 'folder' | 'device', name: string): string {
  return `overseer nodes close ${what} ${shellWord(name)} --node ${shellWord(node)}`;
}

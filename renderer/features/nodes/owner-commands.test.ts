import { expect, it } from 'vitest';
import { cloudflareCommand, tokenCommand } from './owner-commands.ts';

it.each([
  ['', 'overseer nodes token --name cellar'],
  [' attic ', 'overseer nodes token --name attic'],
  ['my server', "overseer nodes token --name 'my server'"],
  ["it's; rm -rf $HOME", "overseer nodes token --name 'it'\\''s; rm -rf $HOME'"],
])('the command for %j can be pasted as it is', (name, command) => {
  expect(tokenCommand(name)).toBe(command);
});

it('the command that gives a token names the server as one word', () => {
  expect(cloudflareCommand('my $(id)')).toContain("--node 'my $(id)' ");
  expect(cloudflareCommand('cellar')).toBe('overseer integrations cloudflare set --node cellar --token-file token');
});

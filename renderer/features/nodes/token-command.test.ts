import { expect, it } from 'vitest';
import { tokenCommand } from './token-command.ts';

it.each([
  ['', 'overseer nodes token --name cellar'],
  [' attic ', 'overseer nodes token --name attic'],
  ['my server', "overseer nodes token --name 'my server'"],
  ["it's; rm -rf $HOME", "overseer nodes token --name 'it'\\''s; rm -rf $HOME'"],
])('the command for %j can be pasted as it is', (name, command) => {
  expect(tokenCommand(name)).toBe(command);
});

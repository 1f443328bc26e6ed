import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

it.each(['cellar', 'me@example.com', 'my server', "it's; rm -rf $HOME", '`id` $(id) "x" \\', '', '--', '*', '~', '!!'])(
  'a shell reads %j back as it was, as one word',
  (text) => {
    const read = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(text)}`], { encoding: 'utf8' });
    expect(read).toBe(`${text}|`);
  },
);

import { describe, expect, it } from 'vitest';
import { decideKey } from './decide-key.ts';

const goKeys = new Map([['a', '/apps']]);
const press = (key: string, more: Partial<Parameters<typeof decideKey>[0]> = {}) =>
  decideKey({ key, isModified: false, isTyping: false, afterG: false, ...more }, goKeys);

describe('keys of the shell', () => {
  it('g and then a letter goes to a screen; the letter alone does nothing', () => {
    expect(press('g')).toEqual({ do: 'await-second' });
    expect(press('a', { afterG: true })).toEqual({ do: 'go', path: '/apps' });
    expect(press('a')).toEqual({ do: 'nothing' });
    expect(press('x', { afterG: true })).toEqual({ do: 'nothing' });
  });

  it('/ and ? work at once, after g too', () => {
    expect(press('/')).toEqual({ do: 'filter' });
    expect(press('?', { afterG: true })).toEqual({ do: 'help' });
  });

  it.each(['g', '/', '?', 'a'])(
    '%s belongs to the field that is typed into, and to the browser when modified',
    (key) => {
      expect(press(key, { isTyping: true, afterG: true })).toEqual({ do: 'nothing' });
      expect(press(key, { isModified: true, afterG: true })).toEqual({ do: 'nothing' });
    },
  );
});

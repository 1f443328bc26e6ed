import type { Random } from '../../../kernel/index.ts';

/** Letters that need no quoting in URLs, configuration files and shells. */
export const ALPHABETS = {
  alphanumeric: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
} as const;

export type Alphabet = keyof typeof ALPHABETS;

/** `length` letters, each equally likely: bytes past the last whole multiple of the alphabet are drawn again. */
export function generateSecret(random: Random, length: number, alphabet: Alphabet): string {
  const letters = ALPHABETS[alphabet];
  const bound = 256 - (256 % letters.length);
  let text = '';
  while (text.length < length)
    for (const byte of random.bytes(length - text.length)) if (byte < bound) text += letters[byte % letters.length];
  return text;
}

/** How hard to guess, in bits. */
export const secretBits = (length: number, alphabet: Alphabet): number =>
  length * Math.log2(ALPHABETS[alphabet].length);

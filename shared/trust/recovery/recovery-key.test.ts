import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap, utf8 } from '#shared/kernel/index.ts';
import { verifySignature } from '../keys/verify.ts';
import { codeOf, seededRandom } from '../testing/test-fleet.ts';
import { createRecovery, recoveryFromWords } from './recovery-key.ts';

let made: Awaited<ReturnType<typeof createRecovery>>;
beforeAll(async () => {
  made = await createRecovery(seededRandom('recovery'));
});

describe('REC-1: the words', () => {
  it('REC-1: are 24 and give the same keys again', async () => {
    expect(made.words).toHaveLength(24);
    const back = unwrap(await recoveryFromWords(made.words));
    expect(back).toMatchObject({ signKey: made.signKey, ageRecipient: made.ageRecipient });
    expect(await verifySignature(made.signKey, utf8('m'), await back.signer.sign(utf8('m')))).toBe(true);
  });

  it('REC-1: are the same for the same bits in every version', () => {
    // A change here would lock owners out of their fleets.
    expect(made.words.slice(0, 3).join(' ')).toBe('body chapter arrest');
    expect(made.signKey).toBe('JZAMxXvuTW4vQl5fPkX13T8UXsXuuuKTFi902Q3UuLE');
    expect(made.ageRecipient.slice(0, 24)).toBe('age1pq18kdnjtcznwq2kzjp4');
  });

  it('REC-1: come from randomness', async () => {
    expect((await createRecovery(seededRandom('other'))).words).not.toEqual(made.words);
  });
});

describe('REC-2: mistyped words', () => {
  it('REC-2: are read in capitals and with any white space', async () => {
    const typed = ` ${made.words.join('\n ').toUpperCase()} `;
    expect(unwrap(await recoveryFromWords(typed)).signKey).toBe(made.signKey);
  });

  it('REC-2: are refused with the place and without the word', async () => {
    const words = [...made.words];
    words[4] = 'overseer';
    const refused = await recoveryFromWords(words);
    expect(codeOf(refused)).toBe('recovery.bad-words');
    expect(JSON.stringify(refused)).toContain('word 5');
    expect(JSON.stringify(refused)).not.toContain('overseer');
  });

  it('REC-2: a missing, doubled or swapped word is noticed', async () => {
    const [first = '', second = '', ...rest] = made.words;
    for (const words of [[second, ...rest], [first, first, second, ...rest], [], [first, first, ...rest]])
      expect(codeOf(await recoveryFromWords(words))).toBe('recovery.bad-words');
    expect(codeOf(await recoveryFromWords([second, first, ...rest]))).toBe('recovery.bad-words');
    expect(codeOf(await recoveryFromWords('x '.repeat(100_000)))).toBe('recovery.bad-words');
  });
});

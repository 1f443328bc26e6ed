import { describe, expect, it } from 'vitest';
import { claimSteps, isSameWord, nextStep } from './claim/claim-steps.ts';
import { guessDeviceName } from './this-device.ts';

describe('claiming', () => {
  it('P1: a browser is told what it may do before it claims; the desktop has no need of it', () => {
    expect(claimSteps(false)).toEqual(['welcome', 'core', 'names', 'words', 'check', 'browser']);
    expect(claimSteps(true)).toEqual(['welcome', 'names', 'words', 'check']);
  });

  it('goes on step by step and stays at the last', () => {
    const steps = claimSteps(true);
    expect(nextStep(steps, 'words')).toBe('check');
    expect(nextStep(steps, 'check')).toBe('check');
  });

  it('a recovery word is the same in capitals and with blanks, and never empty', () => {
    expect([isSameWord(' Absurd ', 'absurd'), isSameWord('absurb', 'absurd'), isSameWord('', undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605', 'Safari on macOS'],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/150 Mobile Safari/537', 'Chrome on Android'],
  ['something', 'Browser'],
])('names %s', (agent, name) => {
  expect(guessDeviceName(agent, false)).toBe(name);
});

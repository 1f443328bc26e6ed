import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from './parse-env-file.ts';

const values = (text: string) => Object.fromEntries(parseEnvFile(text).entries.map(({ key, value }) => [key, value]));

describe('a pasted .env file', () => {
  it('gives names and values, past comments, blanks and export', () => {
    expect(
      values('# a comment\n\nTZ=Europe/Berlin\nexport PORT = 80 # the port\nURL=http://x/#top\r\nEMPTY=\n'),
    ).toEqual({
      TZ: 'Europe/Berlin',
      PORT: '80',
      URL: 'http://x/#top',
      EMPTY: '',
    });
  });

  it('takes single quotes as written and double quotes with escapes, over several lines', () => {
    expect(values(`A='a # $b \\n'\nB="two\\nlines # \\"no\\" \\$x" # c\nC="first\nsecond"\nD=1`)).toEqual({
      A: 'a # $b \\n',
      B: 'two\nlines # "no" $x',
      C: 'first\nsecond',
      D: '1',
    });
  });

  it('names each line that is no variable, and goes on after it', () => {
    const read = parseEnvFile('just words\n1A=x\nB-C=x\nOK=1\nOPEN="never closed\nLAST=2');
    expect(read.problems.map(({ line, reason }) => [line, reason])).toEqual([
      [1, 'no-equals'],
      [2, 'bad-name'],
      [3, 'bad-name'],
      [5, 'open-quote'],
    ]);
    expect(read.entries.map((entry) => entry.key)).toEqual(['OK', 'LAST']);
  });

  it('lets the last of two values count and says where the other stood', () => {
    const read = parseEnvFile('A=1\nB=2\nA=3');
    expect(read.entries).toEqual([
      { key: 'B', value: '2', line: 2 },
      { key: 'A', value: '3', line: 3 },
    ]);
    expect(read.problems).toEqual([{ line: 1, text: 'A', reason: 'twice' }]);
  });

  it('refuses a value longer than a release takes', () => {
    expect(parseEnvFile(`A=${'x'.repeat(32_769)}`).problems[0]?.reason).toBe('too-long');
  });

  it('a value in double quotes comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (value) => {
        const quoted = value
          .replace(/[\\"$]/g, '\\$&')
          .replace(/\n/g, '\\n')
          .replace(/\r/g, '\\r')
          .replace(/\t/g, '\\t');
        expect(values(`A="${quoted}"\nB=2`)).toEqual({ A: value, B: '2' });
      }),
    );
  });
});

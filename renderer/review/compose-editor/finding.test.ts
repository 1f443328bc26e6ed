import { describe, expect, it } from 'vitest';
import { rangeOf } from './finding.ts';

const text = 'services:\n  web:\n    privileged: true   \n\nend';
const marked = (line: number | null, column: number | null) => {
  const { from, to } = rangeOf(text, { line, column });
  return text.slice(from, to);
};

describe('what a finding marks', () => {
  it('is the rest of its line, from its column, without what trails', () => {
    expect(marked(3, 5)).toBe('privileged: true');
    expect(marked(3, 17)).toBe('true');
  });

  it('is the whole line where there is no column, and the first line where there is no line', () => {
    expect(marked(2, null)).toBe('web:');
    expect(marked(null, null)).toBe('services:');
  });

  it('stays within the text, whatever it says', () => {
    expect(marked(99, 99)).toBe('end');
    expect(marked(4, 1)).toBe('');
    expect(rangeOf('', { line: 1, column: 1 })).toEqual({ from: 0, to: 0 });
  });
});

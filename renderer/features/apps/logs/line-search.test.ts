import { describe, expect, it } from 'vitest';
import { LineBuffer } from './line-buffer.ts';
import { LineSearch, nextMatch, splitMatches } from './line-search.ts';

function fill(buffer: LineBuffer, ...texts: string[]): void {
  buffer.append(texts.map((text, seq) => ({ seq, service: 'web', stream: 'stdout' as const, at: '', text })));
}

describe('searching a growing log', () => {
  it('finds old and new lines, whatever their case', () => {
    const buffer = new LineBuffer(10);
    fill(buffer, 'GET /', 'Error: no', 'ok');
    const search = new LineSearch('error');
    expect(search.update(buffer)).toEqual([1]);
    fill(buffer, 'another ERROR', 'ok');
    expect(search.update(buffer)).toEqual([1, 3]);
  });

  it('forgets lines that fell out', () => {
    const buffer = new LineBuffer(3);
    fill(buffer, 'x 0', 'x 1', 'y');
    const search = new LineSearch('x');
    expect(search.update(buffer)).toEqual([0, 1]);
    fill(buffer, 'x 3');
    expect(search.update(buffer)).toEqual([1, 3]);
    fill(buffer, 'y', 'y', 'y', 'y');
    expect(search.update(buffer)).toEqual([]);
  });

  it('goes on from a copy to the log itself', () => {
    const buffer = new LineBuffer(10);
    fill(buffer, 'x', 'x');
    const copy = buffer.copy();
    fill(buffer, 'x');
    const search = new LineSearch('x');
    expect(search.update(copy)).toEqual([0, 1]);
    expect(search.update(buffer)).toEqual([0, 1, 2]);
  });

  it('finds nothing for an empty text', () => {
    const buffer = new LineBuffer(10);
    fill(buffer, 'x');
    expect(new LineSearch('').update(buffer)).toEqual([]);
  });
});

describe('going from match to match', () => {
  it('goes around at both ends', () => {
    expect(nextMatch([2, 5, 9], null, 1)).toBe(2);
    expect(nextMatch([2, 5, 9], null, -1)).toBe(9);
    expect(nextMatch([2, 5, 9], 5, 1)).toBe(9);
    expect(nextMatch([2, 5, 9], 9, 1)).toBe(2);
    expect(nextMatch([2, 5, 9], 2, -1)).toBe(9);
    expect(nextMatch([], 2, 1)).toBeNull();
  });
});

describe('marking matches', () => {
  it('cuts a text at each match and loses nothing', () => {
    const parts = splitMatches('an Err or err', 'ERR');
    expect(parts.map((part) => [part.text, part.isMatch, part.at])).toEqual([
      ['an ', false, 0],
      ['Err', true, 3],
      [' or ', false, 6],
      ['err', true, 10],
    ]);
    expect(splitMatches('', 'x')).toEqual([{ text: '', isMatch: false, at: 0 }]);
  });

  it('marks nothing where lower case has another length', () => {
    expect(splitMatches('İx', 'x')).toEqual([{ text: 'İx', isMatch: false, at: 0 }]);
  });
});

import { describe, expect, it } from 'vitest';
import { LineBuffer } from './line-buffer.ts';
import { RowIndex } from './row-index.ts';

function fill(buffer: LineBuffer, ...texts: string[]): void {
  buffer.append(texts.map((text, seq) => ({ seq, service: 'web', stream: 'stdout' as const, at: '', text })));
}

describe('rows of a log', () => {
  it('find line and piece by row and row by line', () => {
    const buffer = new LineBuffer(10);
    fill(buffer, 'ab', 'abcdefgh', 'x');
    const index = new RowIndex(3);
    index.update(buffer);
    expect(index.rows).toBe(5);
    expect(index.slice(0, 9)).toEqual([
      { key: 0, row: 0 },
      { key: 1, row: 0 },
      { key: 1, row: 1 },
      { key: 1, row: 2 },
      { key: 2, row: 0 },
    ]);
    expect(index.slice(2, 4)).toEqual([
      { key: 1, row: 1 },
      { key: 1, row: 2 },
    ]);
    expect([index.rowOf(0), index.rowOf(1), index.rowOf(2)]).toEqual([0, 1, 4]);
  });

  it('stay right while old lines fall out and new ones come', () => {
    const buffer = new LineBuffer(3);
    const index = new RowIndex(2);
    fill(buffer, 'aaaa', 'b', 'cc');
    index.update(buffer);
    fill(buffer, 'ddddd', 'e');
    index.update(buffer);
    expect(index.rows).toBe(5);
    expect(index.slice(0, 5)).toEqual([
      { key: 2, row: 0 },
      { key: 3, row: 0 },
      { key: 3, row: 1 },
      { key: 3, row: 2 },
      { key: 4, row: 0 },
    ]);
    fill(buffer, ...Array.from({ length: 9 }, () => 'z'));
    index.update(buffer);
    expect(index.rows).toBe(3);
    expect(index.slice(0, 1)).toEqual([{ key: 11, row: 0 }]);
  });

  it('begin anew after everything was cleared', () => {
    const buffer = new LineBuffer(3);
    const index = new RowIndex(null);
    fill(buffer, 'a', 'b');
    index.update(buffer);
    buffer.clear();
    index.update(buffer);
    expect([index.rows, index.slice(0, 5)]).toEqual([0, []]);
    fill(buffer, 'c');
    index.update(buffer);
    expect(index.slice(0, 5)).toEqual([{ key: 2, row: 0 }]);
  });

  it('go on after a gap that is larger than all that is kept', () => {
    const buffer = new LineBuffer(3);
    fill(buffer, 'a', 'b');
    const index = new RowIndex(null);
    index.update(buffer.copy());
    fill(buffer, ...Array.from({ length: 20 }, () => 'z'));
    index.update(buffer);
    expect(index.slice(0, 9)).toEqual([19, 20, 21].map((key) => ({ key, row: 0 })));
    expect(index.rowOf(20)).toBe(1);
  });
});

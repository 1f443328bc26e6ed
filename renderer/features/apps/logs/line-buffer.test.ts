import { describe, expect, it } from 'vitest';
import type { LogLineView } from '#shared/contracts/ipc/index.ts';
import { LineBuffer } from './line-buffer.ts';

const lines = (from: number, count: number): LogLineView[] =>
  Array.from({ length: count }, (_, index) => ({
    seq: from + index,
    service: 'web',
    stream: 'stdout' as const,
    at: '2026-01-01T00:00:00Z',
    text: `line ${from + index}`,
  }));

describe('the kept lines of a log', () => {
  it('are the newest, and the oldest fall out', () => {
    const buffer = new LineBuffer(5);
    buffer.append(lines(0, 3));
    buffer.append(lines(3, 4));
    expect([buffer.first, buffer.end, buffer.fallen]).toEqual([2, 7, 2]);
    expect(buffer.lines().map((line) => line.text)).toEqual(['line 2', 'line 3', 'line 4', 'line 5', 'line 6']);
    expect(buffer.line(1)).toBeUndefined();
    expect(buffer.line(2)?.text).toBe('line 2');
    expect(buffer.line(7)).toBeUndefined();
  });

  it('keep their count when one batch is larger than all that is kept', () => {
    const buffer = new LineBuffer(4);
    buffer.append(lines(0, 11));
    expect([buffer.first, buffer.end]).toEqual([7, 11]);
    expect(buffer.lines().map((line) => line.key)).toEqual([7, 8, 9, 10]);
  });

  it('can be cleared without a key being used twice', () => {
    const buffer = new LineBuffer(4);
    buffer.append(lines(0, 3));
    buffer.clear();
    expect(buffer.lines()).toEqual([]);
    expect(buffer.fallen).toBe(0);
    buffer.append(lines(3, 1));
    expect(buffer.lines().map((line) => line.key)).toEqual([3]);
  });

  it('stay as they were in a copy, whatever comes after', () => {
    const buffer = new LineBuffer(3);
    buffer.append(lines(0, 2));
    const copy = buffer.copy();
    buffer.append(lines(2, 9));
    expect(copy.lines().map((line) => line.text)).toEqual(['line 0', 'line 1']);
    expect([copy.first, copy.end]).toEqual([0, 2]);
    expect(buffer.end - copy.end).toBe(9);
  });

  it('A8-26: hold no character that a screen could obey, wherever it stands in a line', () => {
    const buffer = new LineBuffer(4);
    const evil = '\u001b]8;;http://x\u0007link\u001b[31m\u202e\u0000\r';
    buffer.append([{ seq: 0, service: 'we\u202eb', stream: 'stderr', at: '\u001b[2J', text: evil }]);
    const kept = buffer.line(0);
    expect(kept?.text).toBe('\\x1b]8;;http://x\\x07link\\x1b[31m\\u{202e}\\x00\\r');
    expect(kept?.service).toBe('we\\u{202e}b');
    expect(kept?.at).toBe('\\x1b[2J');
  });

  it('take a hundred thousand lines fast enough for a thousand a second', () => {
    const buffer = new LineBuffer();
    const batch = lines(0, 1_000);
    const began = performance.now();
    for (let round = 0; round < 100; round++) buffer.append(batch);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(buffer.end - buffer.first).toBe(20_000);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineReader } from './lines.ts';

const time = '2026-01-01T00:00:00.123456789Z';
function frame(stream: 1 | 2, text: string): Buffer {
  const data = Buffer.from(text, 'utf8');
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(data.length, 4);
  return Buffer.concat([head, data]);
}
const texts = (lines: { bytes: Uint8Array }[]) => lines.map((line) => Buffer.from(line.bytes).toString('utf8'));

describe('log lines', () => {
  test('tell stream and time, without the line’s end', () => {
    const reader = createLineReader(false);
    const lines = reader.read(Buffer.concat([frame(1, `${time} out\r\n`), frame(2, `${time} err\n`)]));
    expect(lines.map((line) => [line.stream, line.time])).toEqual([
      ['stdout', time],
      ['stderr', time],
    ]);
    expect(texts(lines)).toEqual(['out', 'err']);
  });

  test('whatever the pieces, the lines are the same and no character is cut', () => {
    const all = Buffer.concat([
      frame(1, `${time} grüße 🎉\n`),
      frame(1, `${time} halb`),
      frame(2, `${time} x\n`),
      frame(1, ' ganz\n'),
      frame(1, `${time} end`),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1 }), (sizes) => {
        const reader = createLineReader(false);
        const lines: string[] = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          lines.push(...texts(reader.read(all.subarray(at, at + size))));
          at += size;
        }
        lines.push(...texts(reader.end()));
        expect(lines).toEqual(['grüße 🎉', 'x', 'halb ganz', 'end']);
      }),
    );
  });

  test('a terminal has no frames', () => {
    const reader = createLineReader(true);
    expect(texts(reader.read(Buffer.from(`${time} a\r\n${time} b`)))).toEqual(['a']);
    expect(texts(reader.end())).toEqual(['b']);
  });

  test('a line without end does not fill the memory', () => {
    const reader = createLineReader(true);
    const lines = reader.read(Buffer.alloc(200_000, 'x'));
    expect(lines.map((line) => line.bytes.length)).toEqual([65_536, 65_536, 65_536]);
  });

  test('A8-26: the times that the engine puts into a long line are no part of it', () => {
    const reader = createLineReader(false);
    const lines = reader.read(
      Buffer.concat([frame(1, `${time} ${'x'.repeat(20)}`), frame(1, `${time} ${'y'.repeat(20)}\n`)]),
    );
    expect(texts(lines)).toEqual([`${'x'.repeat(20)}${'y'.repeat(20)}`]);
  });

  test('A8-26: a piece of a long line has the time of the line, whatever the app wrote at the cut', () => {
    const reader = createLineReader(false);
    const lines = reader.read(frame(1, `${time} ${'x'.repeat(65_536 - 31)}2000-01-01T00:00:00Z forged\n`));
    expect(lines.map((line) => line.time)).toEqual([time, time]);
    expect(texts(lines)[1]).toBe('2000-01-01T00:00:00Z forged');
  });

  test('A8-26: a cut tears no character apart', () => {
    for (let shift = 0; shift < 4; shift++) {
      const reader = createLineReader(true);
      const text = `${'x'.repeat(shift)}${'🎉'.repeat(40_000)}`;
      expect(texts([...reader.read(Buffer.from(text)), ...reader.end()]).join('')).toBe(text);
    }
  });
});

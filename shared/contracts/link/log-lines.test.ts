import { expect, test } from 'vitest';
import { toBase64, utf8 } from '#shared/kernel/index.ts';
import { createLineReader } from './log-lines.ts';

test('log lines are read whatever way the frames were cut, also in the middle of a character', () => {
  const lines = ['first', 'zweite – Zeile', 'third'].map((text) => ({
    service: 'wéb',
    stream: 'stdout' as const,
    time: '2026-01-01T00:00:00.000Z',
    line: toBase64(utf8(text)),
  }));
  const bytes = utf8(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  for (let at = 1; at < bytes.length; at += 3) {
    const reader = createLineReader();
    expect([...reader.push(bytes.slice(0, at)), ...reader.push(bytes.slice(at))]).toEqual(lines);
  }
});

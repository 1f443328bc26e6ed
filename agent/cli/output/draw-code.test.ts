import decodeQR from 'qr/decode.js';
import { expect, test } from 'vitest';
import { drawCode } from './draw-code.ts';

const SQUARE = 4;

/** What a camera sees of lines whose blocks are light on black. */
function picture(lines: readonly string[]): { width: number; height: number; data: Uint8ClampedArray } {
  const rows = lines.flatMap((line) => {
    const blocks = [...line];
    return [blocks.map((one) => one === '█' || one === '▀'), blocks.map((one) => one === '█' || one === '▄')];
  });
  const width = (rows[0]?.length ?? 0) * SQUARE;
  const height = rows.length * SQUARE;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const light = rows[Math.floor(y / SQUARE)]?.[Math.floor(x / SQUARE)] ? 255 : 0;
      data.set([light, light, light, 255], (y * width + x) * 4);
    }
  return { width, height, data };
}

test('ENR-11: a ticket drawn on a terminal is read by a camera, and fits into 80 columns', () => {
  const ticket = `ovd1_${'a2'.repeat(13)}_${'Zk9-'.repeat(10)}Zk9`;
  const lines = drawCode(ticket);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(decodeQR(picture(lines))).toBe(ticket);
});

test('another text is another code', () => {
  expect(decodeQR(picture(drawCode('ovd1_other')))).not.toBe(decodeQR(picture(drawCode('ovd1_one'))));
});

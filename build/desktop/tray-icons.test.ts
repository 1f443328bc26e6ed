import { readdirSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { trayIcons } from './tray-icons.ts';

const folder = 'main/tray/icons';

/** The pixels of a PNG that we wrote: without compression, which differs between versions of zlib. */
function pixelsOf(png: Buffer): Buffer {
  const at = png.indexOf('IDAT');
  return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
}

it('the committed icons are what the code draws, one for each mood, and small', () => {
  const drawn = trayIcons();
  expect(readdirSync(folder).sort()).toEqual([...drawn.keys()].sort());
  for (const [name, bytes] of drawn) {
    const committed = readFileSync(`${folder}/${name}`);
    expect(committed.length).toBeLessThan(4_096);
    expect([name, pixelsOf(committed).equals(pixelsOf(bytes))]).toEqual([name, true]);
  }
});

it('no two moods look alike without their colours', () => {
  const shapes = [...trayIcons()]
    .filter(([name]) => !name.includes('@'))
    .map(([name, bytes]) => {
      const pixels = pixelsOf(bytes);
      // Bright where white was drawn: the blue or the red channel alone would depend on the colour.
      const bright = [...pixels.keys()]
        .filter((at) => at % 4 === 1)
        .map((at) => (Math.min(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0) > 220 ? 1 : 0));
      return [name, bright.join('')] as const;
    });
  for (const [name, shape] of shapes) {
    const twins = shapes.filter(([other, its]) => other !== name && its === shape).map(([other]) => other);
    expect([name, twins]).toEqual([name, []]);
  }
});

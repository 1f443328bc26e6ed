import { encodePng, type Picture } from './png.ts';

/** Whether a point of the 32 by 32 drawing is inside a shape. */
type Shape = (x: number, y: number) => boolean;
type Colour = readonly [number, number, number];

const SIDE = 32;
/** Samples along each side of a pixel. */
const SAMPLES = 4;

const circle =
  (cx: number, cy: number, r: number): Shape =>
  (x, y) =>
    (x - cx) ** 2 + (y - cy) ** 2 <= r * r;
const box =
  (left: number, top: number, right: number, bottom: number): Shape =>
  (x, y) =>
    x >= left && x <= right && y >= top && y <= bottom;
const both =
  (a: Shape, b: Shape): Shape =>
  (x, y) =>
    a(x, y) && b(x, y);
const either =
  (a: Shape, b: Shape): Shape =>
  (x, y) =>
    a(x, y) || b(x, y);
const not =
  (a: Shape): Shape =>
  (x, y) =>
    !a(x, y);
const turned =
  (a: Shape): Shape =>
  (x, y) => {
    const [dx, dy] = [(x - 16) * Math.SQRT1_2, (y - 16) * Math.SQRT1_2];
    return a(16 + dx - dy, 16 + dx + dy);
  };

const tile: Shape = (x, y) => {
  const dx = Math.max(7 - x, x - 25, 0);
  const dy = Math.max(7 - y, y - 25, 0);
  return dx * dx + dy * dy <= 49;
};
/** The open eye of the logo: what two circles have in common. */
const eye = both(circle(16, 21.85, 13.35), circle(16, 10.15, 13.35));

const indigo: Colour = [0x4c, 0x6e, 0xf5];
const grey: Colour = [0x86, 0x8e, 0x96];
const amber: Colour = [0xd9, 0x77, 0x06];
const red: Colour = [0xe0, 0x31, 0x31];

/**
 * One icon for each mood of the fleet (main/tray/fleet-mood.ts). What is in the eye tells them apart without their
 * colours: nothing, a pupil, a ring, a closed lid, an exclamation mark, a cross.
 */
const icons: Readonly<Record<string, { readonly colour: Colour; readonly white: Shape }>> = {
  starting: { colour: grey, white: eye },
  good: { colour: indigo, white: both(eye, not(circle(16, 16, 4))) },
  busy: { colour: indigo, white: both(eye, not(both(circle(16, 16, 5), not(circle(16, 16, 2.5))))) },
  away: { colour: grey, white: both(box(0, 15.5, 32, 32), both(circle(16, 10.15, 13.35), not(circle(16, 10.15, 11)))) },
  attention: { colour: amber, white: both(eye, not(either(box(14.5, 10.5, 17.5, 17), box(14.5, 18.5, 17.5, 21)))) },
  alert: {
    colour: red,
    white: both(eye, not(turned(either(box(14.5, 10.5, 17.5, 21.5), box(10.5, 14.5, 21.5, 17.5))))),
  },
};

function draw(colour: Colour, white: Shape, scale: number): Picture {
  const size = SIDE * scale;
  const pixels = new Uint8Array(size * size * 4);
  const step = 1 / (scale * SAMPLES);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let inside = 0;
      let bright = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const x = column / scale + ((sample % SAMPLES) + 0.5) * step;
        const y = row / scale + (Math.floor(sample / SAMPLES) + 0.5) * step;
        if (!tile(x, y)) continue;
        inside += 1;
        if (white(x, y)) bright += 1;
      }
      const share = inside === 0 ? 0 : bright / inside;
      const mixed = colour.map((channel) => Math.round(channel + (255 - channel) * share));
      pixels.set([...mixed, Math.round((255 * inside) / SAMPLES ** 2)], (row * size + column) * 4);
    }
  }
  return { size, pixels };
}

/** All tray icons as PNG files by their names; Electron takes the one with @2x on dense displays. */
export function trayIcons(): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [name, { colour, white }] of Object.entries(icons)) {
    files.set(`${name}.png`, encodePng(draw(colour, white, 1)));
    files.set(`${name}@2x.png`, encodePng(draw(colour, white, 2)));
  }
  return files;
}

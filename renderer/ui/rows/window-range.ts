/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const OVERSCAN = 8;

/** Which rows of a long list to draw: `listTop` is where the list begins, seen from the window's top edge. */
export function windowRange(about: { count: number; rowHeight: number; listTop: number; windowHeight: number }): {
  from: number;
  to: number;
} {
  const { count, rowHeight, listTop, windowHeight } = about;
  const first = Math.floor(-listTop / rowHeight) - OVERSCAN;
  const last = Math.ceil((windowHeight - listTop) / rowHeight) + OVERSCAN;
  const from = Math.max(0, Math.min(first, count));
  return { from, to: Math.max(from, Math.min(last, count)) };
}

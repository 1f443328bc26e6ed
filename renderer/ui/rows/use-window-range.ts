import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { windowRange } from './window-range.ts';

/** Lists up to this length are drawn whole: the browser's own search finds everything in them. */
const WHOLE_UP_TO = 60;

/** The part of a list to draw while the window scrolls. */
export function useWindowRange(list: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  // Before it is measured: what a window holds at most, so that nothing is drawn that is thrown away at once.
  const [range, setRange] = useState(() => ({
    from: 0,
    to: Math.min(count, WHOLE_UP_TO, Math.ceil(window.innerHeight / rowHeight)),
  }));
  const isWhole = count <= WHOLE_UP_TO;

  const measure = useCallback(() => {
    const listTop = list.current?.getBoundingClientRect().top ?? 0;
    const next = windowRange({ count, rowHeight, listTop, windowHeight: window.innerHeight });
    setRange((before) => (before.from === next.from && before.to === next.to ? before : next));
  }, [list, count, rowHeight]);

  useLayoutEffect(() => {
    if (isWhole) return;
    measure();
    window.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure);
    return () => {
      window.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
    };
  }, [isWhole, measure]);

  return isWhole ? { from: 0, to: count } : { from: Math.min(range.from, count), to: Math.min(range.to, count) };
}

import { startTransition, useEffect, useState } from 'react';

/**
 * False until the first frame with this component was painted, then true. For what is heavy to draw: as a deferred
 * value it would be drawn between the press and its frame, which then comes a frame late.
 */
export function useAfterPaint(): boolean {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = () => startTransition(() => setPainted(true));
    // The callback of a frame runs before its paint, the task after it behind.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(go);
    });
    // A page that nobody sees paints no frames.
    if (document.hidden) go();
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
  return isPainted;
}

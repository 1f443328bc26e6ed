import { useCallback, useEffect, useRef, useState } from 'react';
import { useStream } from '#renderer/bridge/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { LineBuffer } from './line-buffer.ts';

export interface UsedLog {
  /** What is looked at: the log itself, or how it stood when it was paused. */
  readonly view: LineBuffer;
  /** Another with each change of what is looked at. */
  readonly version: number;
  readonly isPaused: boolean;
  /** Lines that came since it was paused. */
  readonly came: number;
  readonly ended: boolean;
  readonly fault: Fault | null;
  pause(): void;
  resume(): void;
  clear(): void;
  restart(): void;
}

/** Lines of one app or service, live. Lines go into a buffer as they come; the screen is drawn once a frame. */
export function useLog(appId: string, service: string | null): UsedLog {
  const live = useRef<LineBuffer>(null);
  live.current ??= new LineBuffer();
  const buffer = live.current;
  const [frozen, setFrozen] = useState<LineBuffer | null>(null);
  const [version, setVersion] = useState(0);
  const frame = useRef(0);

  const draw = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      setVersion((before) => before + 1);
    });
  }, []);
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
      // Mounted again it reads again, from the same lines on.
      buffer.clear();
    },
    [buffer],
  );

  const stream = useStream('logs', service === null ? { appId } : { appId, service }, {
    onAppend: (lines) => {
      buffer.append(lines);
      draw();
    },
  });

  const resume = useCallback(() => setFrozen(null), []);
  const clear = useCallback(() => {
    buffer.clear();
    setFrozen(null);
    setVersion((before) => before + 1);
  }, [buffer]);
  return {
    view: frozen ?? buffer,
    version,
    isPaused: frozen !== null,
    came: frozen === null ? 0 : buffer.end - frozen.end,
    ended: stream.ended,
    fault: stream.fault,
    pause: useCallback(() => setFrozen(buffer.copy()), [buffer]),
    resume,
    clear,
    restart: useCallback(() => {
      clear();
      stream.restart();
    }, [clear, stream.restart]),
  };
}

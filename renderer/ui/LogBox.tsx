import type { ReactNode, Ref, UIEventHandler } from 'react';
import classes from './LogBox.module.css';

export interface LogBoxProps {
  readonly label: string;
  /** As tall as given even when empty, or up to it. */
  readonly height: 'fixed' | 'grows';
  readonly ref?: Ref<HTMLPreElement>;
  readonly onScroll?: UIEventHandler<HTMLPreElement>;
  readonly children: ReactNode;
}

/** Lines of a log in a box that scrolls. It is not read out as it grows: a log would drown everything else. */
export function LogBox({ label, height, ref, onScroll, children }: LogBoxProps) {
  return (
    <pre
      ref={ref}
      className={classes.log}
      data-height={height}
      role="log"
      aria-live="off"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
    >
      {children}
    </pre>
  );
}

/** One line: when, and what. A tone is never its only sign. */
export function LogLine({
  time,
  tone,
  children,
}: {
  time: string;
  tone?: 'bad' | 'warn' | undefined;
  children: ReactNode;
}) {
  return (
    <span className={classes.line} data-tone={tone}>
      <span className={classes.time}>{time}</span>
      {children}
    </span>
  );
}

import {
  type CSSProperties,
  type Ref,
  type UIEvent,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { words } from '#renderer/words/index.ts';
import { LogLineRow } from './LogLines.tsx';
import classes from './LogView.module.css';
import type { LineBuffer } from './line-buffer.ts';
import { RowIndex } from './row-index.ts';
import { TAB_COLUMNS, wrapLine } from './wrap-line.ts';

const ROW_PX = 20;
/** Rows drawn beyond what is seen, so that a quick scroll meets text. */
const BEYOND = 20;
const LEAST_PX = 320;
/** Room for the line under it. */
const FOOT_PX = 64;

export interface LogPaneHandle {
  toEnd(): void;
  toLine(key: number): void;
}

export interface LogPaneProps {
  readonly ref: Ref<LogPaneHandle>;
  readonly buffer: LineBuffer;
  readonly version: number;
  readonly label: string;
  readonly wrap: boolean;
  readonly showTime: boolean;
  /** Columns for the name of the service; 0: not shown. */
  readonly serviceColumns: number;
  readonly wanted: string;
  readonly current: number | null;
  /** The end is in view and stays so as lines come. */
  readonly isFollowing: boolean;
  readonly onFollowing: (isFollowing: boolean) => void;
}

/** The lines themselves: only rows in view are drawn, and what a person reads stays where it is while old lines go. */
export function LogPane(props: LogPaneProps) {
  const { ref, buffer, version, label, wrap, showTime, serviceColumns, wanted, current, isFollowing, onFollowing } =
    props;
  const pane = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ height: 0, columns: 80 });
  const [top, setTop] = useState(0);
  /** The row at the top of the view: by its line, because places move. */
  const anchor = useRef<{ key: number; row: number; px: number } | null>(null);

  useLayoutEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const measure = () => {
      // Down to the lower edge of the window, whatever stands above it.
      const above = element.getBoundingClientRect().top + window.scrollY;
      element.style.height = `${Math.max(LEAST_PX, window.innerHeight - above - FOOT_PX)}px`;
      setSize({ height: element.clientHeight, columns: columnsIn(element, showTime, serviceColumns) });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    window.addEventListener('resize', measure);
    measure();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [showTime, serviceColumns]);

  const columns = wrap ? size.columns : null;
  const index = useMemo(() => new RowIndex(columns), [columns]);
  index.update(buffer);
  const rows = index.rows;

  const scrollTo = useCallback((px: number) => {
    if (pane.current) pane.current.scrollTop = px;
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version stands for what the buffer holds
  useLayoutEffect(() => {
    if (isFollowing) scrollTo(rows * ROW_PX);
    else if (anchor.current !== null && anchor.current.key >= buffer.first)
      scrollTo((index.rowOf(anchor.current.key) + anchor.current.row) * ROW_PX + anchor.current.px);
  }, [version, index, rows, isFollowing, buffer, scrollTo]);

  const remember = (scrollTop: number) => {
    const first = Math.floor(scrollTop / ROW_PX);
    const [placed] = index.slice(first, first + 1);
    anchor.current = placed ? { ...placed, px: scrollTop - first * ROW_PX } : null;
  };
  useImperativeHandle(ref, () => ({
    toEnd: () => onFollowing(true),
    toLine: (key) => {
      onFollowing(false);
      const px = Math.max(0, index.rowOf(key) * ROW_PX - size.height / 2);
      remember(px);
      scrollTo(px);
    },
  }));

  const onScroll = (event: UIEvent<HTMLDivElement>) => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    setTop(scrollTop);
    remember(scrollTop);
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - ROW_PX / 2;
    if (isAtEnd !== isFollowing) onFollowing(isAtEnd);
  };

  // While it follows, the end is where the view will be, whatever the last scroll event said.
  const from = isFollowing ? rows - Math.ceil(size.height / ROW_PX) : Math.floor(top / ROW_PX);
  const first = Math.max(0, Math.min(from, rows) - BEYOND);
  const placed = index.slice(first, from + Math.ceil(size.height / ROW_PX) + BEYOND);
  return (
    <div
      className={classes.pane}
      ref={pane}
      role="log"
      aria-live="off"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      style={{ '--service-columns': `${serviceColumns}ch` } as CSSProperties}
    >
      <span className={classes.probe} aria-hidden data-probe>
        {'0'.repeat(50)}
      </span>
      {rows === 0 && <p className={classes.empty}>{words.apps.logs.nothingYet}</p>}
      <div style={{ height: rows * ROW_PX, minWidth: wrap ? undefined : 'max-content' }}>
        <div style={{ transform: `translateY(${first * ROW_PX}px)` }}>
          {placed.map(({ key, row }) => {
            const line = buffer.line(key);
            if (line === undefined) return null;
            const piece = columns === null ? null : (wrapLine(line.text, columns)[row] ?? null);
            return (
              <LogLineRow
                key={`${key}.${row}`}
                line={line}
                piece={piece}
                isFirst={row === 0}
                wanted={wanted}
                isCurrent={key === current}
                showTime={showTime}
                showService={serviceColumns > 0}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Columns of text that fit beside what stands before it; the style sheet sets the same widths in `ch`. */
function columnsIn(pane: HTMLElement, showTime: boolean, serviceColumns: number): number {
  const probe = pane.querySelector('[data-probe]')?.getBoundingClientRect().width ?? 0;
  if (probe === 0) return 80;
  const before = (showTime ? 10 : 0) + serviceColumns + 2;
  const padding = 24;
  return Math.max(TAB_COLUMNS * 2, Math.floor((pane.clientWidth - padding) / (probe / 50)) - before);
}

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useLocation } from 'wouter';
import { words } from '#renderer/words/index.ts';
import classes from './Rows.module.css';
import { type Sort, type SortKey, sortRows } from './sort-rows.ts';
import { useAfterPaint } from './use-after-paint.ts';
import { useWindowRange } from './use-window-range.ts';

export interface Column<T> {
  id: string;
  /** Read out even where it is not shown. */
  header: string;
  cell: (row: T) => ReactNode;
  /** Makes the column sortable. */
  sortBy?: (row: T) => SortKey;
  /** A track of the grid: `minmax(160px, 2fr)`, `120px`; default `minmax(0, 1fr)`. */
  width?: string;
  align?: 'start' | 'end';
  /** Hidden on screens under 700 px: what matters there stands in the first column. */
  wideOnly?: boolean;
  /** The header is for screen readers only: columns of buttons. */
  quietHeader?: boolean;
}

export interface RowsProps<T> {
  /** What the list is of; read out. */
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  rowId: (row: T) => string;
  /** Where a row leads: by click and Enter. The first cell should hold the same as a link. */
  rowHref?: (row: T) => string | undefined;
  /** Instead of an address. */
  onOpen?: (row: T) => void;
  defaultSort?: Sort;
  /** All rows are of one height. */
  rowHeight?: number;
  /** Instead of rows when there are none. */
  empty?: ReactNode;
  selectedId?: string | undefined;
}

/**
 * A table for any number of rows: only those in sight are drawn. Arrow keys, Home, End and Page keys move, Enter opens;
 * headers sort. It scrolls with the page under a head that stays.
 */
export function Rows<T>(props: RowsProps<T>) {
  const { label, rows, columns, rowId, rowHref, onOpen, defaultSort, rowHeight = 48, empty, selectedId } = props;
  const [sort, setSort] = useState<Sort | undefined>(defaultSort);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [, navigate] = useLocation();
  const body = useRef<HTMLDivElement>(null);

  const sorted = useMemo(() => {
    const by = columns.find(({ id }) => id === sort?.column)?.sortBy;
    return by && sort ? sortRows(rows, by, sort.down) : rows;
  }, [rows, columns, sort]);
  const { from, to } = useWindowRange(body, sorted.length, rowHeight);
  // The frame of a screen answers a press at once; its rows come right after it.
  const isDue = useAfterPaint();
  const activeIndex = activeId === null ? -1 : sorted.findIndex((row) => rowId(row) === activeId);

  const open = useCallback(
    (row: T) => {
      if (onOpen) return onOpen(row);
      const href = rowHref?.(row);
      if (href !== undefined) navigate(href);
    },
    [onOpen, rowHref, navigate],
  );

  const moveTo = (index: number) => {
    const row = sorted[Math.max(0, Math.min(index, sorted.length - 1))];
    if (row === undefined || !body.current) return;
    setActiveId(rowId(row));
    const place = Math.max(0, Math.min(index, sorted.length - 1));
    bringIntoView(body.current.getBoundingClientRect().top + place * rowHeight, rowHeight);
    // The row may only be drawn after the scroll.
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${place}"]`)?.focus());
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget && !(event.target as HTMLElement).hasAttribute('data-index')) return;
    const page = Math.max(1, Math.floor(window.innerHeight / rowHeight) - 3);
    const to = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + page,
      PageUp: activeIndex - page,
      Home: 0,
      End: sorted.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      return moveTo(to);
    }
    const row = sorted[activeIndex];
    if (event.key === 'Enter' && row !== undefined) {
      event.preventDefault();
      open(row);
    }
  };

  if (sorted.length === 0 && empty !== undefined) return <>{empty}</>;

  const template = (shown: readonly Column<T>[]) => shown.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
  const tracks = {
    '--rows-wide': template(columns),
    '--rows-narrow': template(columns.filter(({ wideOnly }) => !wideOnly)),
    '--row-height': `${rowHeight}px`,
  } as React.CSSProperties;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a <table> can not be windowed and laid out as a grid
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      aria-busy={!isDue || undefined}
      className={classes.rows}
      style={tracks}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the header's buttons take the focus */}
      <div role="row" aria-rowindex={1} className={classes.head}>
        {columns.map((column) => (
          <HeadCell key={column.id} column={column as Column<never>} sort={sort} onSort={setSort} />
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        role="rowgroup"
        ref={body}
        style={{ height: sorted.length * rowHeight, position: 'relative' }}
        onKeyDown={onKeyDown}
      >
        <div style={{ transform: `translateY(${from * rowHeight}px)` }}>
          {sorted.slice(from, isDue ? to : from).map((row, offset) => {
            const id = rowId(row);
            const index = from + offset;
            return (
              <MemoRow
                key={id}
                row={row as never}
                index={index}
                columns={columns as readonly Column<never>[]}
                // One row is always in the order of Tab.
                isTabStop={activeIndex === -1 ? index === 0 : index === activeIndex}
                isSelected={id === selectedId}
                opens={onOpen !== undefined || rowHref !== undefined}
                id={id}
                onFocus={setActiveId}
                onOpen={open as (row: never) => void}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function HeadCell({
  column,
  sort,
  onSort,
}: {
  column: Column<never>;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
}) {
  const { id, header, sortBy, align, wideOnly, quietHeader } = column;
  const isSorted = sort?.column === id;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <table> can not be windowed and laid out as a grid
    // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus
    <div
      role="columnheader"
      className={classes.headCell}
      data-align={align}
      data-wide={wideOnly || undefined}
      aria-sort={isSorted ? (sort.down ? 'descending' : 'ascending') : undefined}
    >
      {sortBy ? (
        <button
          type="button"
          className={classes.sort}
          onClick={() => onSort({ column: id, down: isSorted ? !sort.down : false })}
        >
          {header}
          {isSorted &&
            (sort.down ? (
              <IconArrowDown size={14} aria-label={words.ui.sortedDown} />
            ) : (
              <IconArrowUp size={14} aria-label={words.ui.sortedUp} />
            ))}
        </button>
      ) : quietHeader ? (
        <span className={classes.quiet}>{header}</span>
      ) : (
        header
      )}
    </div>
  );
}

interface RowProps {
  row: never;
  id: string;
  index: number;
  columns: readonly Column<never>[];
  isTabStop: boolean;
  isSelected: boolean;
  opens: boolean;
  onFocus: (id: string) => void;
  onOpen: (row: never) => void;
}

const MemoRow = memo(function Row(props: RowProps) {
  const { row, id, index, columns, isTabStop, isSelected, opens, onFocus, onOpen } = props;
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const own = (event.target as HTMLElement).closest('a, button, input, select, textarea, [role="menuitem"]');
    // A modified click is for the browser, a press on something inside is for that, and marking text is neither.
    if (own || event.metaKey || event.ctrlKey || event.shiftKey || String(window.getSelection()) !== '') return;
    onOpen(row);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <table> can not be windowed and laid out as a grid
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for keys
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected || undefined}
      data-index={index}
      data-opens={opens || undefined}
      className={classes.row}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onFocus(id)}
      onClick={opens ? onClick : undefined}
    >
      {columns.map(({ id: column, cell, align, wideOnly }) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: rows take the focus, not cells
        <div key={column} role="gridcell" className={classes.cell} data-align={align} data-wide={wideOnly || undefined}>
          {cell(row)}
        </div>
      ))}
    </div>
  );
});

/** Scrolls just as far that a row at this place is seen between the heads above and the lower edge. */
function bringIntoView(top: number, height: number): void {
  const upper = 120;
  const lower = window.innerHeight - 80;
  if (top < upper) window.scrollBy(0, top - upper);
  else if (top + height > lower) window.scrollBy(0, top + height - lower);
}

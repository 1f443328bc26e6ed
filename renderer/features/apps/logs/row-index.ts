import type { LineBuffer } from './line-buffer.ts';
import { countRows } from './wrap-line.ts';

/** A row on the screen: which line, and which of its rows. */
export interface PlacedRow {
  readonly key: number;
  readonly row: number;
}

/**
 * Where each line of a log begins when lines take several rows. Line breaks are remembered by key; only new lines are
 * measured. `columns` null: lines are not wrapped, each is one row.
 */
export class RowIndex {
  readonly #columns: number | null;
  /** Rows up to and including each line, from `#base` on; offsets only ever grow. */
  #ends: number[] = [];
  #firstKey = 0;
  #base = 0;

  constructor(columns: number | null) {
    this.#columns = columns;
  }

  /** Takes in what came and lets go of what fell out. */
  update(buffer: LineBuffer): void {
    const dropped = Math.min(buffer.first - this.#firstKey, this.#ends.length);
    if (dropped > 0) {
      this.#base = this.#ends[dropped - 1] as number;
      this.#ends.splice(0, dropped);
    }
    if (this.#ends.length === 0) this.#firstKey = Math.max(buffer.first, this.#firstKey);
    else if (dropped > 0) this.#firstKey += dropped;
    for (let key = this.#firstKey + this.#ends.length; key < buffer.end; key++) {
      const text = buffer.line(key)?.text ?? '';
      const rows = this.#columns === null ? 1 : countRows(text, this.#columns);
      this.#ends.push((this.#ends.at(-1) ?? this.#base) + rows);
    }
  }

  /** All rows together. */
  get rows(): number {
    return (this.#ends.at(-1) ?? this.#base) - this.#base;
  }

  /** First row of a line. */
  rowOf(key: number): number {
    const index = key - this.#firstKey;
    if (index <= 0) return 0;
    return (this.#ends[Math.min(index, this.#ends.length) - 1] as number) - this.#base;
  }

  /** Rows from one to, not including, another. */
  slice(from: number, to: number): PlacedRow[] {
    const placed: PlacedRow[] = [];
    const last = Math.min(to, this.rows);
    for (let row = Math.max(0, from), index = this.#lineAt(row); row < last; row++) {
      while ((this.#ends[index] as number) - this.#base <= row) index++;
      const begins = index === 0 ? 0 : (this.#ends[index - 1] as number) - this.#base;
      placed.push({ key: this.#firstKey + index, row: row - begins });
    }
    return placed;
  }

  #lineAt(row: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) - this.#base <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

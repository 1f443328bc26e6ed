import type { LogLineView } from '#shared/contracts/ipc/index.ts';
import { visibleText } from '#shared/kernel/index.ts';

/** One line as it is kept: its text can only be shown, never obeyed. */
export interface LogLine {
  /** Counts from 0 over everything that came; never used twice within one buffer. */
  readonly key: number;
  readonly service: string;
  readonly stream: 'stdout' | 'stderr';
  readonly at: string;
  /** Escaped (A8-26). */
  readonly text: string;
}

/** Lines that a screen keeps: older ones fall out. */
export const MAX_LINES = 20_000;

/**
 * The newest lines of a log in a ring, so that a thousand lines a second move no memory. `first` is the key of the
 * oldest line that is kept, `end` the key the next one gets; a line's place follows from its key.
 */
export class LineBuffer {
  readonly #ring: LogLine[] = [];
  readonly #capacity: number;
  #first = 0;
  #end = 0;
  #cleared = 0;

  constructor(capacity = MAX_LINES) {
    this.#capacity = capacity;
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  /** How many lines fell out because newer ones came; what was cleared does not count. */
  get fallen(): number {
    return this.#first - this.#cleared;
  }

  /** Takes lines as they came; their control characters end here. */
  append(lines: readonly LogLineView[]): void {
    // Lines that would be pushed out by the rest of the same batch need no work, only their number.
    const skipped = Math.max(0, lines.length - this.#capacity);
    this.#end += skipped;
    for (let index = skipped; index < lines.length; index++) {
      const line = lines[index] as LogLineView;
      this.#ring[this.#end % this.#capacity] = {
        key: this.#end,
        service: visibleText(line.service),
        stream: line.stream,
        at: visibleText(line.at),
        text: visibleText(line.text),
      };
      this.#end++;
    }
    this.#first = Math.max(this.#first, this.#end - this.#capacity);
  }

  /** The line with this key; undefined when it fell out or has not come. */
  line(key: number): LogLine | undefined {
    return key >= this.#first && key < this.#end ? this.#ring[key % this.#capacity] : undefined;
  }

  /** All lines that are kept, oldest first. */
  lines(): LogLine[] {
    const lines: LogLine[] = [];
    for (let key = this.#first; key < this.#end; key++) lines.push(this.#ring[key % this.#capacity] as LogLine);
    return lines;
  }

  /** The same lines, to look at while more come in. */
  copy(): LineBuffer {
    const copy = new LineBuffer(this.#capacity);
    copy.#first = this.#first;
    copy.#end = this.#end;
    copy.#cleared = this.#cleared;
    for (let key = this.#first; key < this.#end; key++)
      copy.#ring[key % this.#capacity] = this.#ring[key % this.#capacity] as LogLine;
    return copy;
  }

  /** Forgets everything that came so far; keys go on. */
  clear(): void {
    this.#first = this.#end;
    this.#cleared = this.#end;
    this.#ring.length = 0;
  }
}

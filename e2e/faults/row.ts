import type { BareFleet } from './bare-fleet.ts';
import type { LabPlace } from './lab-place.ts';

/** What one row found. Every row counts the same three things, so that the table adds up. */
export interface Found {
  /** Moments at which something was broken: crash points, flips, jumps, cuts. */
  readonly points: number;
  /** Writes, edits or orders whose sender was told that they are kept. */
  readonly acknowledged: number;
  /** Those of them that were not there afterwards. */
  readonly lost: number;
  /** Which of the moments that there are were taken, where a row can leave some out. */
  readonly swept?: string;
  /** Figures of this row alone, as people read them. */
  readonly figures: string;
  /** What was not as it must be, beside losses; each with enough to repeat it. Empty when all is well. */
  readonly problems: readonly string[];
}

/** What rows share: places are dear to make, and each row puts back what it found. */
export interface Grounds {
  /** Core, node and CLI without an engine, at rest, restored to `ready`, running the true product. */
  bare(): Promise<BareFleet>;
  /** A lab with an engine and one app behind the ingress; rows leave it with that app running. */
  lab(): Promise<LabPlace>;
  note(line: string): void;
  /** Every how many points of a sweep are taken: 1 is all. */
  readonly stride: number;
}

/** A fault, what it is done to, and how it is judged; attacks-and-faults.md B4 gave most of the ids. */
export interface Row {
  readonly id: string;
  readonly title: string;
  run(grounds: Grounds): Promise<Found>;
  /**
   * The same judgement where something is lost for certain: a build that is wrong on purpose, or a loss planted by
   * hand. A row whose control sees nothing has proven nothing.
   */
  control(grounds: Grounds): Promise<Control>;
}

export interface Control {
  /** Whether the judgement saw it. */
  readonly seen: boolean;
  /** What was lost, in a few words. */
  readonly what: string;
}

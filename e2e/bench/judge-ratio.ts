/** One thing that was measured in rounds, the screens and the blank page in turn, in milliseconds. */
export interface Measured {
  readonly name: string;
  /** Times of the screens, one for each round. */
  readonly screens: readonly number[];
  /** Times of the blank page, in the same rounds. */
  readonly blank: readonly number[];
  /** The screens may take this many times as long as the blank page. */
  readonly goal: number;
}

export interface Judged {
  readonly verdict: 'held' | 'missed' | 'not shown';
  readonly ratio: Spread;
  readonly screens: Spread;
  readonly blank: Spread;
}

/** A median with the quarter below and above it. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * Judges ratios round by round, so that what slows the whole machine falls out. A spread that crosses the goal shows
 * nothing, and counts as a failure like a goal that is missed.
 */
export function judgeRatio({ screens, blank, goal }: Measured): Judged {
  const ratio = spreadOf(screens.map((ms, round) => ms / (blank[round] ?? Number.NaN)));
  const verdict = ratio.high <= goal ? 'held' : ratio.low > goal ? 'missed' : 'not shown';
  return { verdict, ratio, screens: spreadOf(screens), blank: spreadOf(blank) };
}

/** Median and quartiles, between neighbours where a place falls between two. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => {
    const place = (sorted.length - 1) * part;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

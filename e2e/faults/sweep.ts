import type { Found, Grounds } from './row.ts';

/** What one crash point came to. */
export interface Point {
  /** Whether the program was killed; the first point at which it is not ends the sweep. */
  readonly killed: boolean;
  readonly acknowledged: number;
  readonly lost: number;
  readonly problems: readonly string[];
  /** From the restart until all was as wished again. */
  readonly convergedMs: number;
}

const MOST_POINTS = 400;

/** Kills at sync 1, 2, 3 … of the same work from the same start, until the work ends before its turn to be killed. */
export async function sweep(
  grounds: Grounds,
  name: string,
  at: (when: number) => Promise<Point>,
): Promise<Found & { swept: string }> {
  const points: Point[] = [];
  const problems: string[] = [];
  for (let when = 1; when <= MOST_POINTS; when += grounds.stride) {
    const point = await at(when);
    problems.push(...point.problems.map((problem) => `at sync ${when}: ${problem}`));
    if (!point.killed) {
      grounds.note(`${name}: it ends before sync ${when}`);
      break;
    }
    points.push(point);
    grounds.note(`${name}: sync ${when}, acknowledged ${point.acknowledged}, lost ${point.lost}`);
  }
  if (points.length === 0) problems.push('no point was reached: nothing was swept');
  const sum = (of: 'acknowledged' | 'lost') => points.reduce((total, point) => total + point[of], 0);
  return {
    points: points.length,
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    swept: everyOf(grounds.stride, 'sync'),
    figures: `converged p50 ${inSeconds(quantile(points, 0.5))}, p99 ${inSeconds(quantile(points, 0.99))}`,
    problems,
  };
}

/** How the table says which points were taken. */
export const everyOf = (stride: number, what: string): string =>
  stride === 1 ? `each ${what}` : `1 ${what} in ${stride}`;

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function quantile(points: readonly Point[], share: number): number {
  const sorted = points.map((point) => point.convergedMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

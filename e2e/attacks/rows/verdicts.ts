import type { Verdict } from '../row.ts';

/** Many tries as one: it took when any of them did. */
export function anyTook(verdicts: readonly Verdict[]): Verdict {
  const taken = verdicts.filter(({ took }) => took);
  const [first] = taken.length > 0 ? taken : verdicts;
  return {
    took: taken.length > 0,
    saw: `${taken.length} of ${verdicts.length} taken; ${first?.saw ?? 'nothing tried'}`,
    refusalMs: verdicts.flatMap(({ refusalMs }) => refusalMs ?? []),
  };
}

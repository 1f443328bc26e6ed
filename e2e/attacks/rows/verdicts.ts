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

/** Several tries that must end alike: a test build that lets only some of them through proves nothing for the others. */
export function allOrNone(verdicts: readonly Verdict[]): Verdict {
  const taken = verdicts.filter(({ took }) => took);
  if (taken.length > 0 && taken.length < verdicts.length)
    throw new Error(`some were taken, some not:\n${verdicts.map(({ took, saw }) => `${took} ${saw}`).join('\n')}`);
  return {
    took: taken.length > 0,
    saw: verdicts.map(({ saw }) => saw).join('; '),
    refusalMs: verdicts.flatMap(({ refusalMs }) => refusalMs ?? []),
  };
}

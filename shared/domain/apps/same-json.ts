/** Whether two JSON values say the same, in whatever order their keys stand. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return toSortedJson(a) === toSortedJson(b);
}

/** A JSON value as text that does not depend on the order of its keys. */
export function toSortedJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

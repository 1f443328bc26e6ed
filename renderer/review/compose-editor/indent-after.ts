/**
 * How far the next line of a YAML file stands in, after a line that ends with a key: below the key. Null where the
 * editor's own rule is right.
 */
export function indentAfter(before: string): number | null {
  if (!/:\s*(#.*)?$/.test(before) || /^\s*#/.test(before)) return null;
  const lead = /^\s*(-\s+)*/.exec(before)?.[0].length ?? 0;
  return lead + 2;
}

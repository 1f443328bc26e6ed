/** Source text that a test build replaces as it is loaded. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once, or the build fails. */
  readonly find: string;
  readonly replace: string;
}

interface Switch {
  /** The rule that is off, as SPEC.md numbers it, or where it is written down else. */
  readonly rule: string;
  readonly patches: readonly Patch[];
}

/** One check as a test build is without it: the rule, then per place file, text and what stands there instead. */
export function off(
  rule: string,
  ...places: readonly (readonly [file: string, find: string, replace: string])[]
): Switch {
  return { rule, patches: places.map(([file, find, replace]) => ({ file, find, replace })) };
}

/** How a caller may react: try again, ask for rights, let a person decide, or change the input. */
export type FaultKind = 'transient' | 'denied' | 'conflict' | 'permanent';

/** An error as a value. `code` stands in the registry of shared/contracts/errors; `next` says what to do. */
export interface Fault {
  readonly code: string;
  readonly kind: FaultKind;
  readonly message: string;
  readonly next: string;
  readonly field?: string | undefined;
  readonly detail?: Readonly<Record<string, string>> | undefined;
}

/** Makes a fault. `code` is `area.what`, for instance `release.below-floor`. */
export function fault(
  code: string,
  kind: FaultKind,
  message: string,
  next: string,
  extra: { field?: string; detail?: Readonly<Record<string, string>> } = {},
): Fault {
  return { code, kind, message, next, ...extra };
}

/** Carries a fault through code that can only throw (callbacks of libraries, Fastify handlers). */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(value: Fault, options?: { cause?: unknown }) {
    super(value.message, options);
    this.name = 'FaultError';
    this.fault = value;
  }
}

/** Tells a fault from any other value that crossed a boundary. */
export function isFault(value: unknown): value is Fault {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Fault).code === 'string' &&
    typeof (value as Fault).kind === 'string' &&
    typeof (value as Fault).message === 'string' &&
    typeof (value as Fault).next === 'string'
  );
}

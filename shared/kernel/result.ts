import { type Fault, FaultError } from './fault.ts';

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };

/** Success or a fault, as a value. */
export type Result<T, E = Fault> = Ok<T> | Err<E>;

/** Wraps a success. */
export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T): Ok<T | undefined> {
  return { ok: true, value };
}

/** Wraps a failure. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}

/** The value, or throws a FaultError: for edges that turn faults into exits or HTTP answers, and for tests. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FaultError(result.error);
}

import type { z } from 'zod';
import type { CallName, CallOutput, calls } from '#shared/contracts/ipc/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { FleetHost } from '../fleet-host.ts';

/** What a call gets, after its schema has checked it. */
export type ParsedInput<N extends CallName> = z.output<(typeof calls)[N]['input']>;

/** One handler of the fleet's calls. */
export type FleetCall<N extends CallName> = (host: FleetHost, input: ParsedInput<N>) => Promise<Result<CallOutput<N>>>;

/** Handlers of some calls, by name. */
export type FleetCalls<N extends CallName> = { readonly [K in N]: FleetCall<K> };

/** Calls that ask the core or a node: without the core they say so at once. */
export function needsCore(host: FleetHost): Result<void> {
  if (host.isOnline()) return ok();
  const why = host.contact().view().fault?.message;
  return err(
    fault(
      'core.unreachable',
      'transient',
      why ?? 'the core has not answered yet',
      'This needs the core; try again when it is back.',
    ),
  );
}

/** The answer of calls that answer nothing. */
export const NOTHING: Result<Record<string, never>> = ok({});

/** Leaves only whether it went well. */
export function asNothing(result: Result<unknown>): Result<Record<string, never>> {
  return result.ok ? NOTHING : result;
}

import type { Clock } from '#shared/kernel/index.ts';
import type { TrustState } from '#shared/trust/index.ts';
import {
  type Reader,
  readerName,
  readersOf,
  revokedReaders,
  type SealedSecret,
} from '../../secrets/exposed-secrets.ts';

/** Names of the servers and devices that were removed and could read this value. */
export type RemovedReaders = (one: SealedSecret) => string[];

/** Works out who was removed, and how far he reached, once for each state of the log. */
export function createRemovedReaders(clock: Clock, trust: () => TrustState): RemovedReaders {
  let known: { readonly of: TrustState; readonly readers: (one: SealedSecret) => readonly Reader[] } | undefined;
  return (one) => {
    const now = trust();
    if (known?.of !== now) known = { of: now, readers: readersOf(now, revokedReaders(now), clock.nowMs()) };
    return known.readers(one).map((reader) => readerName(now, reader));
  };
}

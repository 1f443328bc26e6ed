import { coreToReplicaSchema } from '#shared/contracts/sync/messages.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';
import type { RefusedEdit, Replica, SyncMachine } from '#shared/replica/index.ts';
import { errorToFault } from '../connection/core-client.ts';
import type { CoreSocket } from '../connection/core-socket.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { pause } from '../ports/timers.ts';
import type { Fleet } from './fleet.ts';
import { machineOf, openSyncSocket } from './open-sync.ts';

/** Whether rows flow. `sinceMs` is when that began; `fault` says why not, and is null until the first try has ended. */
export type LinkState =
  | { readonly reached: true; readonly sinceMs: number }
  | { readonly reached: false; readonly sinceMs: number; readonly fault: Fault | null };

/** News of a link. */
export type LinkChange =
  /** Rows of others are in these documents. */
  | { readonly type: 'docs'; readonly docs: readonly string[] }
  /** The trust log has grown. */
  | { readonly type: 'trust' }
  | { readonly type: 'core'; readonly state: LinkState }
  /** Rows that this device did not take, or the core not now. */
  | { readonly type: 'refused'; readonly refused: readonly { row: string; fault: Fault }[] }
  /** Edits of this device that the core did not take: they lie aside. */
  | { readonly type: 'aside'; readonly edits: readonly RefusedEdit[] };

/** An open exchange of rows and trust entries with the core, taken up again whenever it breaks. */
export interface SyncLink {
  state(): LinkState;
  /** Sends rows that were made since the last push; without the core they wait for it. */
  push(): void;
  /** Tries now instead of after the present rest: the network is back, or the person asks. */
  retry(): void;
  /** The returned function ends the listening. */
  onChange(listener: (change: LinkChange) => void): () => void;
  /** Ends the link; resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** Rests between tries, in milliseconds; the last one goes on. */
const RETRY_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** How long a connection may take until both sides are level. */
const LEVEL_WITHIN_MS = 30_000;
/** A connection that lasted this long ended for a reason of its own (a session is over): it is renewed at once. */
const LASTED_MS = 5_000;

/**
 * Keeps a replica level with the core for as long as the program runs. The state says `reached` once both sides are
 * level; a session that ends by its time is renewed without a word. Signing what waits in the outbox is the caller's,
 * at the change to `reached`.
 */
export function openSyncLink(context: DeviceContext, fleet: Fleet, replica: Replica): SyncLink {
  const { clock, timers } = context;
  const listeners = new Set<(change: LinkChange) => void>();
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let rest = new AbortController();
  let state: LinkState = { reached: false, sinceMs: clock.nowMs(), fault: null };
  let machine: SyncMachine | undefined;
  let trustHead = fleet.trust().head;

  const emit = (change: LinkChange): void => {
    for (const listener of listeners) listener(change);
  };
  const setState = (next: LinkState): void => {
    const isSame = state.reached ? next.reached : !next.reached && next.fault?.code === state.fault?.code;
    // The time says since when it is so, not when it was last found to be so.
    state = isSame || (!state.reached && !next.reached) ? { ...next, sinceMs: state.sinceMs } : next;
    if (!isSame) emit({ type: 'core', state });
  };
  const noteTrust = (): void => {
    const { head } = fleet.trust();
    if (head === trustHead) return;
    trustHead = head;
    emit({ type: 'trust' });
  };

  /** One connection, from its opening to its end. Gives why it ended, and when both sides were level. */
  const connect = async (): Promise<{ reason: Fault; levelAtMs: number | undefined }> => {
    const socket = await openSyncSocket(fleet, signal);
    if (!socket.ok) return { reason: socket.error, levelAtMs: undefined };
    return exchange(socket.value);
  };
  const exchange = async (socket: CoreSocket): Promise<{ reason: Fault; levelAtMs: number | undefined }> => {
    let levelAtMs: number | undefined;
    const late = timers.after(LEVEL_WITHIN_MS, () => socket.close());
    const own = machineOf(context, fleet, replica, socket, {
      onRows: (docs) => emit({ type: 'docs', docs }),
      onRefused: (refused) => emit({ type: 'refused', refused }),
      onAside: (edits) => emit({ type: 'aside', edits }),
    });
    void own.level.then(() => {
      late();
      levelAtMs = clock.nowMs();
      setState({ reached: true, sinceMs: levelAtMs });
    });
    try {
      own.start();
      machine = own;
      for await (const message of socket.messages) {
        await own.receive(coreToReplicaSchema.parse(message));
        noteTrust();
      }
      return { reason: neverLevel(), levelAtMs };
    } catch (error) {
      return { reason: errorToFault(error), levelAtMs };
    } finally {
      machine = undefined;
      late();
      socket.close();
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      const { reason, levelAtMs } = await connect();
      if (signal.aborted) return;
      // Written now and then: this device is a witness of the heads that it saw, also when it is killed.
      await fleet.witness().catch(() => undefined);
      if (levelAtMs !== undefined && clock.nowMs() - levelAtMs >= LASTED_MS) {
        failures = 0;
        continue;
      }
      setState({ reached: false, sinceMs: clock.nowMs(), fault: reason });
      const delayMs = RETRY_AFTER_MS[Math.min(failures++, RETRY_AFTER_MS.length - 1)] ?? 0;
      rest = new AbortController();
      await pause(timers, delayMs, AbortSignal.any([signal, rest.signal]));
      if (rest.signal.aborted) failures = 0;
    }
  };
  const running = run();

  return {
    state: () => state,
    push: () => machine?.push(),
    retry: () => rest.abort(),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}

function neverLevel(): Fault {
  return fault(
    'core.unreachable',
    'transient',
    'the core did not finish the exchange of rows in time',
    'It is tried again by itself; what was edited here is kept.',
  );
}

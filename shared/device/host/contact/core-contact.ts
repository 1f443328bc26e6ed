import type { SessionView } from '#shared/contracts/ipc/index.ts';
import type { CoreEvent } from '#shared/contracts/rest/index.ts';
import { type Fault, fault, isoTime, type Result, unwrap } from '#shared/kernel/index.ts';
import type { RefusedEdit, Replica } from '#shared/replica/index.ts';
import { errorToFault } from '../../connection/core-client.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { openSyncLink, type SyncLink } from '../../fleet/sync-link.ts';
import type { DeviceContext } from '../../ports/device-context.ts';
import { pause } from '../../ports/timers.ts';
import { decideRetryMs } from './backoff.ts';

export type ContactView = SessionView['core']['contact'];

export interface ContactListener {
  onContact(view: ContactView): void;
  /** Reads the core's lists: after each connection, and when the core no longer holds what was missed. */
  readLists(): Promise<Result<void>>;
  onEvent(event: CoreEvent): void;
  /** Rows are level and the lists are read: at each connection. */
  onReached(): Promise<void>;
  onTrust(): void;
  /** A row was not taken here, or not now by the core. */
  onRefused(fault: Fault): void;
  /** The core did not take these edits; they lie aside. */
  onAside(edits: readonly RefusedEdit[]): void;
}

/** The one connection of a host to its core: rows and events flow while it stands; nothing is polled. */
export interface CoreContact {
  view(): ContactView;
  /** Sends rows that were made since. */
  push(): void;
  /** Tries at once instead of waiting on. */
  retry(): void;
  stop(): Promise<void>;
}

/** Opens the contact of an open fleet. It comes back by itself until it is stopped. */
export function openCoreContact(
  context: DeviceContext,
  fleet: Fleet,
  replica: Replica,
  listener: ContactListener,
): CoreContact {
  const { clock, timers, random } = context;
  const ended = new AbortController();
  let view: ContactView = { state: 'connecting', since: isoTime(clock), fault: null };
  let lastId: string | null = null;
  let rest = new AbortController();
  let followed = new AbortController();
  let following: Promise<void> = Promise.resolve();

  const become = (state: ContactView['state'], why: Fault | null): void => {
    const since = state === view.state ? view.since : isoTime(clock);
    view = { state, since, fault: why as ContactView['fault'] };
    listener.onContact(view);
  };

  /** One stream of events from beginning to end; gives why it ended. */
  const follow = async (signal: AbortSignal, onReached: () => void): Promise<Fault> => {
    const attempt = new AbortController();
    let letIn: () => void = () => undefined;
    const listsAreRead = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    const take = async (events: AsyncIterable<{ id: string; event: CoreEvent }>): Promise<void> => {
      for await (const { id, event } of events) {
        await listsAreRead;
        if (attempt.signal.aborted) return;
        lastId = id;
        if (event.type === 'resync') unwrap(await listener.readLists());
        else listener.onEvent(event);
      }
    };
    try {
      // The stream is opened before the lists are read: what happens between the two is not lost.
      const opened = await fleet.client.openEvents(lastId, AbortSignal.any([signal, attempt.signal]));
      const events = take(unwrap(opened));
      const broken = events.then(() => Promise.reject(new Error('ended')));
      unwrap(await Promise.race([listener.readLists(), broken]));
      become('reachable', null);
      onReached();
      letIn();
      await Promise.race([listener.onReached(), broken]);
      await events;
      return eventsEnded();
    } catch (error) {
      return error instanceof Error && error.message === 'ended' ? eventsEnded() : errorToFault(error);
    } finally {
      attempt.abort();
      letIn();
    }
  };

  const followOn = async (signal: AbortSignal): Promise<void> => {
    let tries = 0;
    while (!signal.aborted) {
      const why = await follow(signal, () => {
        tries = 0;
      });
      if (signal.aborted) return;
      become('away', why);
      rest = new AbortController();
      await pause(timers, decideRetryMs(tries++, random), AbortSignal.any([signal, rest.signal]));
    }
  };

  listener.onContact(view);
  const link: SyncLink = openSyncLink(context, fleet, replica);
  link.onChange((change) => {
    if (change.type === 'trust') listener.onTrust();
    if (change.type === 'refused') for (const { fault: why } of change.refused) listener.onRefused(why);
    if (change.type === 'aside') listener.onAside(change.edits);
    if (change.type !== 'core') return;
    followed.abort();
    if (!change.state.reached) return become('away', change.state.fault);
    followed = new AbortController();
    const signal = AbortSignal.any([ended.signal, followed.signal]);
    following = following.then(() => followOn(signal));
  });

  return {
    view: () => view,
    push: link.push,
    retry() {
      rest.abort();
      link.retry();
    },
    async stop() {
      ended.abort();
      await link.close();
      await following;
    },
  };
}

function eventsEnded(): Fault {
  return fault(
    'core.unreachable',
    'transient',
    'the stream of events broke off',
    'It comes back by itself as soon as the core answers.',
  );
}

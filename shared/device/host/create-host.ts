import {
  type BridgeHandlers,
  type BridgePort,
  type CallName,
  type CallOutput,
  type SessionView,
  serveBridge,
  type TopicName,
} from '#shared/contracts/ipc/index.ts';
import { err, type Fault, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import { roleOf } from '#shared/trust/index.ts';
import { createCoreClient } from '../connection/core-client.ts';
import { openFleet } from '../fleet/open-fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { DeviceKeys } from '../ports/device-keys.ts';
import type { DeviceStore } from '../ports/device-store.ts';
import { pause } from '../ports/timers.ts';
import { NOTHING, type ParsedInput } from './calls/fleet-call.ts';
import { decideRetryMs } from './contact/backoff.ts';
import type { ContactView } from './contact/core-contact.ts';
import { createLiveValue } from './live/live-value.ts';
import type { Sink } from './live/sink.ts';
import { loadLater } from './load-later.ts';
import { createNotices } from './notices.ts';
import { type OpenFleetHost, openFleetHost } from './open-fleet-host.ts';
import type { HostPorts } from './ports.ts';
import type { BegunClaim } from './session/claim-session.ts';
import type { CoreToMeet } from './session/core-to-meet.ts';
import type { Joining } from './session/join-session.ts';
import { nextPhase, type SessionEvent } from './session/session-machine.ts';

/** The device behind any number of screens: one fleet, held open. */
export interface ReplicaHost {
  readonly handlers: BridgeHandlers;
  /** Serves one screen until its port says bye. */
  serve(port: BridgePort): { close(): void };
  /** Looks for a fleet here, else asks the core whether it has one. */
  start(): Promise<void>;
  /** Another window holds the data, or no longer does. */
  hold(isHeldElsewhere: boolean): void;
  /** The network is back. */
  wake(): void;
  close(): Promise<void>;
}

interface Subscription {
  readonly topic: TopicName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sink: Sink;
  stop: (() => void) | undefined;
}

/** Phases in which a device may ask to be let in. */
const JOINABLE: ReadonlySet<SessionView['phase']> = new Set(['stranger', 'unclaimed', 'refused', 'joining']);

/** How a device comes into a fleet. One that is in its fleet never needs it, so it is no part of what every start loads. */
const entering = {
  claim: () => import('./session/claim-session.ts'),
  join: () => import('./session/join-session.ts'),
};

/** How long after a fleet was opened the screens have what they need first, and the rest is fetched, in milliseconds. */
const LATER_MS = 1_500;

/** Closes a document before there is one to open; y-websocket comes back by itself. */
const NOT_READY_CODE = 4503;

/** Makes a host. It does nothing before `start`. */
export function createReplicaHost(ports: HostPorts): ReplicaHost {
  const { clock, random, timers } = ports;
  const ended = new AbortController();
  const context: DeviceContext = {
    clock,
    random,
    timers,
    signal: ended.signal,
    tell: { note: () => undefined, status: () => undefined },
  };
  const session = createLiveValue<SessionView>();
  const subscriptions = new Set<Subscription>();
  const notices = createNotices({ clock, random, onChange: () => showSession() });
  let phase: SessionView['phase'] = 'loading';
  let contact: ContactView = { state: 'connecting', since: isoTime(clock), fault: null };
  let met: { fingerprint: string; version: string } | undefined;
  let open: OpenFleetHost | undefined;
  let store: DeviceStore | undefined;
  let begun: BegunClaim | undefined;
  let joining: Joining | null = null;
  let asking: AbortController | undefined;
  let looking = new AbortController();
  let callOffLater: (() => void) | undefined;

  const become = (event: SessionEvent): void => {
    phase = nextPhase(phase, event);
    showSession();
  };

  const unsent = (): SessionView['unsent'] => ({
    rows: open?.replica.unacked().length ?? 0,
    intents: open?.waitingIntents() ?? 0,
    refused: open?.replica.refusedCount() ?? 0,
  });
  const showSession = (): void => session.set(toSessionView());
  const toSessionView = (): SessionView => {
    const trust = open?.fleet.trust();
    const own = open?.fleet.device.deviceId ?? '';
    const device = trust?.devices.get(own);
    const address = trust?.core?.addresses[0] ?? open?.fleet.config.addresses[0] ?? ports.home;
    return {
      phase,
      fleet: open
        ? { id: open.fleet.config.fleet, name: open.model.index().name || open.fleet.config.fleetName }
        : null,
      core: {
        address: address ? `${address.host}:${address.httpPort}` : '',
        fingerprint: trust?.core?.tlsSpki ?? met?.fingerprint ?? null,
        version: met?.version ?? null,
        contact,
      },
      device: device
        ? {
            deviceId: own,
            name: device.name,
            kind: device.kind,
            role: (trust && roleOf(trust, own)) ?? 'viewer',
            person: trust?.persons.get(device.personId)?.name ?? '',
          }
        : null,
      joining: phase === 'joining' ? joining : null,
      unsent: unsent(),
      levelAt: open?.levelAt() ?? null,
      notices: [...notices.list()],
    };
  };

  const setContact = (state: ContactView['state'], why: Fault | null): void => {
    const since = contact.state === state ? contact.since : isoTime(clock);
    contact = { state, since, fault: why as ContactView['fault'] };
    showSession();
  };

  const attach = (one: Subscription): void => {
    one.stop = open?.subscribe(one.topic, one.params, one.sink);
  };

  /** Opens the fleet that the store belongs to. */
  const openOwnFleet = async (keys: DeviceKeys, held: DeviceStore): Promise<Result<void>> => {
    const fleet = await openFleet({ ...context, openCore: ports.openCore, lock: ports.lock }, keys, held);
    if (!fleet.ok) return fleet;
    const opened = await openFleetHost(ports, context, fleet.value, notices, {
      onContact(view) {
        contact = view;
        showSession();
      },
      onReached: async () => {
        const health = await fleet.value.client.call('healthz');
        if (health.ok) met = { fingerprint: fleet.value.trust().core?.tlsSpki ?? '', version: health.value.version };
        showSession();
      },
      onSession: showSession,
      onRemoved: () => become('removed'),
    });
    if (!opened.ok) {
      await fleet.value.close();
      return opened;
    }
    open = opened.value;
    for (const one of subscriptions) attach(one);
    // Where it fails, the first use tries again and says so.
    callOffLater = timers.after(LATER_MS, () => void loadLater().catch(() => undefined));
    become(fleet.value.trust().devices.has(keys.deviceId) ? 'opened' : 'removed');
    return ok();
  };

  /**
   * Asks the core whose page this is whether it has a fleet, until it answers. A desktop came from no core: it is free
   * at once, and asks only the core of a claim or a join that was cut off.
   */
  const lookForFleet = async (): Promise<void> => {
    looking.abort();
    looking = new AbortController();
    const signal = AbortSignal.any([ended.signal, looking.signal]);
    const { home } = ports;
    if (home === null) become('core-empty');
    const begunAt = home === null && store ? await coreOfBegun(store) : undefined;
    // Nothing is trusted of the answer but what screens may offer next.
    const meet = home ? { address: home, accepts: () => true } : begunAt;
    if (!meet) return;
    for (let tries = 0; !signal.aborted; tries++) {
      const asked = await askCore(meet, signal);
      if (signal.aborted) return;
      if (asked.ok) {
        if (store && asked.value !== null && (await resumeHere(store, asked.value))) return startOver();
        if (home === null || signal.aborted) return;
        setContact('reachable', null);
        return become(asked.value === null ? 'core-empty' : 'core-taken');
      }
      if (home) setContact('away', asked.error);
      await pause(timers, decideRetryMs(tries, random), signal);
    }
  };
  const coreOfBegun = async (held: DeviceStore): Promise<CoreToMeet | undefined> =>
    (await (await entering.claim()).coreOfClaim(held)) ?? (await entering.join()).coreOfJoin(held);
  const resumeHere = async (held: DeviceStore, coreFleet: string): Promise<boolean> =>
    (await (await entering.claim()).resumeClaim(context, held, coreFleet)) ||
    (await entering.join()).resumeJoin(ports, context, held);
  const askCore = async ({ address, accepts }: CoreToMeet, signal: AbortSignal): Promise<Result<string | null>> => {
    const { http } = ports.meetCore([address], accepts);
    const client = createCoreClient({ http, signal });
    try {
      const challenge = await client.call('createChallenge', { body: {} });
      if (!challenge.ok) return challenge;
      met = { fingerprint: challenge.value.coreSpki, version: challenge.value.version };
      return ok(challenge.value.fleet);
    } finally {
      client.close();
    }
  };

  const startOver = async (): Promise<void> => {
    const opened = await openWhatIsHere();
    if (!opened.ok) notices.add(opened.error);
  };
  const openWhatIsHere = async (): Promise<Result<void>> => {
    const keys = await ports.vault.openKeys();
    if (!keys.ok) return keys;
    if (keys.value) {
      const held = await openStore();
      if (!held.ok) return held;
      if (await held.value.config()) return openOwnFleet(keys.value, held.value);
    }
    void lookForFleet().catch(ports.onBug);
    return ok();
  };
  /** There is a store as soon as there are keys: on a desktop one of them opens it. */
  const openStore = async (): Promise<Result<DeviceStore>> => {
    if (store) return ok(store);
    const held = await ports.vault.openStore();
    if (held.ok) store = held.value;
    return held;
  };

  const closeFleet = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    callOffLater?.();
    for (const one of subscriptions) {
      one.stop?.();
      one.stop = undefined;
    }
    await closing?.close();
    await closing?.fleet.close();
    if (closing) store = undefined;
  };

  const sessionCalls = {
    async beginClaim(input: ParsedInput<'beginClaim'>): Promise<Result<CallOutput<'beginClaim'>>> {
      if (phase !== 'unclaimed' && phase !== 'claiming') return err(notReady(phase));
      looking.abort();
      const { beginClaim } = await entering.claim();
      const made = await beginClaim(ports, context, input);
      if (!made.ok) {
        if (made.error.code === 'claim.already-claimed') become('core-taken');
        return made;
      }
      begun?.client.close();
      begun = made.value.begun;
      become('claim-begun');
      return ok(made.value.answer);
    },
    async finishClaim({ words }: ParsedInput<'finishClaim'>): Promise<Result<CallOutput<'finishClaim'>>> {
      // The one that is begun now: on a desktop a person has just agreed to it.
      const own = begun;
      if (!own) return err(noClaim());
      const held = await openStore();
      if (!held.ok) return held;
      const { finishClaim } = await entering.claim();
      const finished = await finishClaim(context, held.value, own, words);
      if (!finished.ok) return finished;
      begun = undefined;
      const opened = await openWhatIsHere();
      return opened.ok ? NOTHING : opened;
    },
    async cancelClaim(): Promise<Result<CallOutput<'cancelClaim'>>> {
      begun?.client.close();
      begun = undefined;
      become('claim-cancelled');
      return NOTHING;
    },
    async beginJoin({ deviceName, address }: ParsedInput<'beginJoin'>): Promise<Result<CallOutput<'beginJoin'>>> {
      if (!JOINABLE.has(phase)) return err(notReady(phase));
      looking.abort();
      asking?.abort();
      const own = new AbortController();
      asking = own;
      joining = null;
      const signal = AbortSignal.any([ended.signal, own.signal]);
      return new Promise((resolve) => {
        const onJoining = (shown: Joining): void => {
          if (signal.aborted) return;
          joining = shown;
          if (phase !== 'joining') become('join-begun');
          showSession();
          resolve(NOTHING);
        };
        const wish = { openStore, deviceName, address, onJoining };
        entering
          .join()
          .then(({ joinSession }) => joinSession(ports, { ...context, signal }, wish))
          .then(async (joined) => {
            if (signal.aborted) return;
            if (joined.ok) return startOver();
            // Asked and not let in is told in the session; what failed before that is the call's own answer.
            if (phase === 'joining') {
              notices.add(joined.error);
              become(joined.error.code === 'device.refused' ? 'join-refused' : 'join-cancelled');
            } else resolve(joined);
          })
          .catch(ports.onBug);
      });
    },
    async cancelJoin(): Promise<Result<CallOutput<'cancelJoin'>>> {
      asking?.abort();
      asking = undefined;
      joining = null;
      become('join-cancelled');
      return NOTHING;
    },
    async forgetDevice({ evenUnsent }: ParsedInput<'forgetDevice'>): Promise<Result<CallOutput<'forgetDevice'>>> {
      const { rows, intents, refused } = unsent();
      if (!evenUnsent && rows + refused + intents > 0) return err(wouldLose(rows + refused, intents));
      await closeFleet();
      await store?.close();
      store = undefined;
      const forgotten = await ports.vault.forget();
      if (!forgotten.ok) return forgotten;
      for (const { sink } of subscriptions) sink.end(null);
      subscriptions.clear();
      become('forgotten');
      await startOver();
      return NOTHING;
    },
  };

  const handlers: BridgeHandlers = {
    async call<N extends CallName>(name: N, input: unknown): Promise<Result<CallOutput<N>>> {
      const own = sessionCalls[name as keyof typeof sessionCalls] as
        | ((given: unknown) => Promise<Result<never>>)
        | undefined;
      if (own) return own(input);
      if (name === 'dismissNotice') {
        notices.dismiss((input as ParsedInput<'dismissNotice'>).id);
        return NOTHING as never;
      }
      if (!open || phase !== 'ready') return err(notReady(phase));
      const { fleetCalls } = await import('./calls/fleet-calls.ts');
      const call = fleetCalls[name as keyof typeof fleetCalls] as
        | ((host: OpenFleetHost, given: unknown) => Promise<Result<never>>)
        | undefined;
      if (!open || phase !== 'ready' || !call) return err(notReady(phase));
      return call(open, input);
    },
    subscribe(topic, params, sink) {
      if (topic === 'session') return session.subscribe(sink);
      const one: Subscription = { topic, params: params as Record<string, unknown>, sink, stop: undefined };
      subscriptions.add(one);
      if (open) attach(one);
      return () => {
        subscriptions.delete(one);
        one.stop?.();
      };
    },
    openDocument(name, listener) {
      if (open && phase === 'ready') return open.views.open(name, listener);
      queueMicrotask(() => listener.onClose(NOT_READY_CODE, 'the device is not in a fleet yet'));
      return { send: () => undefined, close: () => undefined };
    },
  };

  showSession();
  return {
    handlers,
    serve: (port) => serveBridge(port, handlers, ports.onBug),
    start: startOver,
    hold(isHeldElsewhere) {
      become(isHeldElsewhere ? 'held-elsewhere' : 'taken');
    },
    wake() {
      open?.contact().retry();
      if (phase === 'loading') void lookForFleet().catch(ports.onBug);
    },
    async close() {
      await closeFleet();
      ended.abort();
      await store?.close();
    },
  };
}

function notReady(phase: SessionView['phase']) {
  return fault(
    'bridge.not-ready',
    'transient',
    phase === 'loading' ? 'this device is still being opened' : 'this device is in no fleet',
    phase === 'loading' ? 'Wait a moment and try again.' : 'Claim a core or join a fleet first.',
  );
}

function noClaim() {
  return fault('claim.not-begun', 'conflict', 'no claim waits for its recovery words', 'Begin the claim again.');
}

function wouldLose(rows: number, intents: number) {
  return fault(
    'device.unsent',
    'conflict',
    `${rows} edits and ${intents} confirmed changes are only here and would be lost`,
    'Wait until the core answers, or say that they may go.',
  );
}

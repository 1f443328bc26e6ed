import {
  type HostToScreen,
  hostToScreenSchema,
  type ScreenToHost,
  screenToHostSchema,
  topicOf,
} from '#shared/contracts/ipc/index.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';
import { isPersonCall, type PersonCall } from './person-calls.ts';

type Message<T extends ScreenToHost['type']> = Extract<ScreenToHost, { type: T }>;

/** A call that waits for a person, with what the same page began before where that says what it is about. */
export interface Question {
  readonly id: number;
  readonly name: PersonCall;
  readonly input: unknown;
  /** Input of the last beginClaim that the host took. */
  readonly begun: unknown;
}

/** One page's traffic with the replica host, as the main process between them knows it. */
export interface RelayState {
  readonly hostUp: boolean;
  /** Calls that wait for a person. */
  readonly asked: ReadonlyMap<number, Message<'call'>>;
  /** Calls at the host. */
  readonly running: ReadonlySet<number>;
  readonly subscriptions: ReadonlyMap<number, Message<'subscribe'>>;
  readonly documents: ReadonlySet<number>;
  /** Inputs of beginClaim that the host has not answered. */
  readonly beginning: ReadonlyMap<number, unknown>;
  readonly begun: unknown;
}

export type RelayEvent =
  | { readonly type: 'screen'; readonly message: unknown }
  | { readonly type: 'host'; readonly message: unknown }
  /** The person's answer; null lets the call go on. */
  | { readonly type: 'judged'; readonly id: number; readonly refusal: Fault | null }
  | { readonly type: 'host-gone' }
  | { readonly type: 'host-back' };

export type RelayEffect =
  | { readonly to: 'host'; readonly message: ScreenToHost }
  | { readonly to: 'screen'; readonly message: HostToScreen }
  | { readonly to: 'person'; readonly question: Question }
  | { readonly to: 'log'; readonly text: string };

export const freshRelay: RelayState = {
  hostUp: true,
  asked: new Map(),
  running: new Set(),
  subscriptions: new Map(),
  documents: new Set(),
  beginning: new Map(),
  begun: null,
};

/** Bounds what one page can have under way; the host has a bound of its own for what is open. */
const MAX_RUNNING = 512;

type Step = { readonly state: RelayState; readonly effects: readonly RelayEffect[] };

/**
 * A8-30: what happens to one message between a page and the host. Pure. A call that needs a person (person-calls.ts)
 * reaches the host only after `judged` without a refusal for its id; everything else passes as it is once it fits the
 * contract. When the host ends, live state is subscribed anew on its return and the rest is told why it ended.
 */
export function stepRelay(state: RelayState, event: RelayEvent): Step {
  switch (event.type) {
    case 'screen': {
      const parsed = screenToHostSchema.safeParse(event.message);
      if (!parsed.success) return note(state, `a page sent what does not fit: ${parsed.error.issues[0]?.message}`);
      return fromScreen(state, parsed.data);
    }
    case 'host': {
      const parsed = hostToScreenSchema.safeParse(event.message);
      if (!parsed.success) return note(state, `the host sent what does not fit: ${parsed.error.issues[0]?.message}`);
      return fromHost(state, parsed.data);
    }
    case 'judged':
      return judged(state, event.id, event.refusal);
    case 'host-gone':
      return hostGone(state);
    case 'host-back':
      return {
        state: { ...state, hostUp: true },
        effects: [...state.subscriptions.values()].map((message) => ({ to: 'host' as const, message })),
      };
  }
}

function fromScreen(state: RelayState, message: ScreenToHost): Step {
  const { id } = message as { id: number };
  const pass: RelayEffect[] = state.hostUp ? [{ to: 'host', message }] : [];
  switch (message.type) {
    case 'call':
      return call(state, message);
    case 'subscribe': {
      if (state.subscriptions.has(id) || state.documents.has(id)) return note(state, `id ${id} is open already`);
      const isStream = topicOf(message.topic).shape === 'stream';
      if (!state.hostUp && isStream)
        return { state, effects: [toScreen({ type: 'end', id, fault: hostEnded() as never })] };
      return { state: { ...state, subscriptions: new Map(state.subscriptions).set(id, message) }, effects: pass };
    }
    case 'unsubscribe':
      return { state: { ...state, subscriptions: without(state.subscriptions, id) }, effects: pass };
    case 'open': {
      if (state.subscriptions.has(id) || state.documents.has(id)) return note(state, `id ${id} is open already`);
      if (!state.hostUp) return { state, effects: [documentClosed(id)] };
      return { state: { ...state, documents: new Set(state.documents).add(id) }, effects: pass };
    }
    case 'close':
      return { state: { ...state, documents: minus(state.documents, id) }, effects: pass };
    case 'data':
    case 'credit':
      return { state, effects: pass };
    case 'bye':
      return { state: { ...freshRelay, hostUp: state.hostUp }, effects: pass };
  }
}

function call(state: RelayState, message: Message<'call'>): Step {
  const { id, name } = message;
  const refuse = (why: Fault): Step => ({ state, effects: [answer(id, why)] });
  if (state.asked.has(id) || state.running.has(id)) return note(state, `call ${id} is under way already`);
  if (!state.hostUp) return refuse(hostEnded());
  if (state.running.size + state.asked.size >= MAX_RUNNING) return refuse(tooMany());
  // What a person is shown of a claim must be the one that is finished: none begins beside it.
  if (name === 'finishClaim' && state.beginning.size > 0) return refuse(claimBegins());
  if (name === 'beginClaim' && isFinishing(state)) return refuse(claimEnds());
  if (isPersonCall(name)) {
    return {
      state: { ...state, asked: new Map(state.asked).set(id, message) },
      effects: [{ to: 'person', question: { id, name, input: message.input, begun: state.begun } }],
    };
  }
  return {
    state: {
      ...state,
      running: new Set(state.running).add(id),
      beginning: name === 'beginClaim' ? new Map(state.beginning).set(id, message.input) : state.beginning,
      begun: name === 'cancelClaim' ? null : state.begun,
    },
    effects: [{ to: 'host', message }],
  };
}

function judged(state: RelayState, id: number, refusal: Fault | null): Step {
  const message = state.asked.get(id);
  // A second answer, or one for a page that went away meanwhile.
  if (!message) return note(state, `an answer came for call ${id}, which does not wait for one`);
  const rest: RelayState = { ...state, asked: without(state.asked, id) };
  if (refusal) return { state: rest, effects: [answer(id, refusal)] };
  if (!state.hostUp) return { state: rest, effects: [answer(id, hostEnded())] };
  return { state: { ...rest, running: new Set(rest.running).add(id) }, effects: [{ to: 'host', message }] };
}

function fromHost(state: RelayState, message: HostToScreen): Step {
  const effects: RelayEffect[] = [toScreen(message)];
  switch (message.type) {
    case 'answer':
      // Only answers to what was passed on: a call that waits for a person has none yet.
      if (!state.running.has(message.id)) return note(state, `the host answered call ${message.id}, which nobody made`);
      return {
        state: {
          ...state,
          running: minus(state.running, message.id),
          beginning: without(state.beginning, message.id),
          begun: message.result.ok && state.beginning.has(message.id) ? state.beginning.get(message.id) : state.begun,
        },
        effects,
      };
    case 'end':
      return { state: { ...state, subscriptions: without(state.subscriptions, message.id) }, effects };
    case 'closed':
      return { state: { ...state, documents: minus(state.documents, message.id) }, effects };
    default:
      return { state, effects };
  }
}

function hostGone(state: RelayState): Step {
  const isStream = (message: Message<'subscribe'>): boolean => topicOf(message.topic).shape === 'stream';
  const streams = [...state.subscriptions.values()].filter(isStream);
  return {
    state: {
      ...state,
      hostUp: false,
      running: new Set(),
      documents: new Set(),
      // A claim that was begun ended with it.
      beginning: new Map(),
      begun: null,
      // Values and collections come whole with the next subscription; a stream would show its lines twice.
      subscriptions: new Map([...state.subscriptions].filter(([, message]) => !isStream(message))),
    },
    effects: [
      ...[...state.running].map((id) => answer(id, hostEnded())),
      ...streams.map(({ id }) => toScreen({ type: 'end', id, fault: hostEnded() as never })),
      ...[...state.documents].map(documentClosed),
    ],
  };
}

/** Whether a claim is before the person; the host finishes the one that it had begun when the answer comes to it. */
function isFinishing({ asked }: RelayState): boolean {
  return [...asked.values()].some(({ name }) => name === 'finishClaim');
}

function note(state: RelayState, text: string): Step {
  return { state, effects: [{ to: 'log', text }] };
}

function toScreen(message: HostToScreen): RelayEffect {
  return { to: 'screen', message };
}

function answer(id: number, error: Fault): RelayEffect {
  return toScreen({ type: 'answer', id, result: { ok: false, error: error as never } });
}

/** 1012 is "service restart": the provider in the page connects again by itself. */
function documentClosed(id: number): RelayEffect {
  return toScreen({ type: 'closed', id, code: 1012, reason: 'desktop.host-ended' });
}

function without<V>(map: ReadonlyMap<number, V>, id: number): ReadonlyMap<number, V> {
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}

function minus(set: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const copy = new Set(set);
  copy.delete(id);
  return copy;
}

function hostEnded(): Fault {
  return fault(
    'desktop.host-ended',
    'transient',
    'the part of Overseer that holds your replica ended and is being started again',
    'Look whether it was done, then try again.',
  );
}

function claimBegins(): Fault {
  return fault('desktop.nothing-begun', 'conflict', 'a claim is being begun right now', 'Wait for its words.');
}

function claimEnds(): Fault {
  return fault(
    'desktop.prompt-open',
    'transient',
    'a claim is being finished right now',
    'Answer the window that asks first, then begin anew.',
  );
}

function tooMany(): Fault {
  return fault('bridge.too-many', 'transient', 'this window asks too much at once', 'Wait for the answers, or reload.');
}

import { err, type Fault, FaultError, fault, type Result } from '#shared/kernel/index.ts';
import type { BridgeHandlers, BridgePort, DocumentConnection } from './bridge.ts';
import { callOf } from './calls.ts';
import { BRIDGE_VERSION, type HostToScreen, type ScreenToHost, screenToHostSchema } from './messages.ts';
import { parseTopicMessage, topicOf } from './topics.ts';

/** Messages of a stream that may be on their way before the reader has taken one. */
const STREAM_WINDOW = 8;

/** Bounds what one page can hold open. */
const MAX_OPEN = 256;

interface Open {
  end(): void;
  credit?: (messages: number) => void;
  document?: DocumentConnection;
}

/**
 * The host's end of one bridge. Every message is checked by its schema, inputs and params by those of their call or
 * topic before a handler sees them; outputs on their way out, so that no screen gets what the contract does not name.
 */
export function serveBridge(
  port: BridgePort,
  handlers: BridgeHandlers,
  onBug: (error: unknown) => void,
): { close(): void } {
  const open = new Map<number, Open>();
  /** Calls that are not answered yet. */
  const asked = new Set<number>();
  const send = (message: HostToScreen): void => port.post(message);

  const close = (): void => {
    for (const one of open.values()) one.end();
    open.clear();
  };

  const answer = async (message: Extract<ScreenToHost, { type: 'call' }>): Promise<void> => {
    const { input, output } = callOf(message.name);
    asked.add(message.id);
    const result = await runGuarded(onBug, async () => {
      const parsed = input.safeParse(message.input);
      if (!parsed.success) return err(badInput(parsed.error.issues[0]));
      const done = await handlers.call(message.name, parsed.data);
      return done.ok ? { ok: true as const, value: output.parse(done.value) } : done;
    });
    asked.delete(message.id);
    send({ type: 'answer', id: message.id, result: result as never });
  };

  const subscribe = (message: Extract<ScreenToHost, { type: 'subscribe' }>): void => {
    const { id } = message;
    const { shape, params } = topicOf(message.topic);
    const parsed = params.safeParse(message.params ?? {});
    const refusal = !parsed.success ? badInput(parsed.error.issues[0]) : open.size >= MAX_OPEN ? tooMany() : undefined;
    if (refusal) {
      send({ type: 'end', id, fault: refusal as never });
      return;
    }
    const gate = createGate(shape === 'stream' ? STREAM_WINDOW : Number.POSITIVE_INFINITY);
    let stop: () => void = () => undefined;
    let over = false;
    const end = (why: Fault | null): void => {
      if (over) return;
      over = true;
      open.delete(id);
      gate.release();
      stop();
      send({ type: 'end', id, fault: why as never });
    };
    open.set(id, {
      end: () => {
        over = true;
        gate.release();
        stop();
      },
      credit: gate.give,
    });
    const push = async (value: unknown): Promise<void> => {
      if (over) return;
      try {
        send({ type: 'message', id, message: parseTopicMessage(message.topic, value) });
      } catch (error) {
        onBug(error);
        return end(bug());
      }
      await gate.take();
    };
    try {
      stop = handlers.subscribe(message.topic, parsed.success ? parsed.data : {}, { push, end });
      if (over) stop();
    } catch (error) {
      end(faultOf(error, onBug));
    }
  };

  const openDocument = (message: Extract<ScreenToHost, { type: 'open' }>): void => {
    const { id } = message;
    try {
      if (open.size >= MAX_OPEN) throw new FaultError(tooMany());
      const document = handlers.openDocument(message.document, {
        onData: (bytes) => send({ type: 'data', id, bytes }),
        onClose: (code, reason) => {
          if (open.delete(id)) send({ type: 'closed', id, code, reason });
        },
      });
      open.set(id, { end: () => document.close(), document });
      send({ type: 'opened', id });
    } catch (error) {
      send({ type: 'closed', id, code: 4404, reason: faultOf(error, onBug).code });
    }
  };

  port.onMessage((raw) => {
    const parsed = screenToHostSchema.safeParse(raw);
    if (!parsed.success)
      return onBug(new TypeError(`a bridge message does not fit: ${parsed.error.issues[0]?.message}`));
    const message = parsed.data;
    // Under the id of another one it would get that one's messages, and that one could never be ended.
    const isBeginning = message.type === 'call' || message.type === 'subscribe' || message.type === 'open';
    if (isBeginning && (open.has(message.id) || asked.has(message.id)))
      return onBug(
        new TypeError(`a bridge message of type ${message.type} takes the id ${message.id}, which is in use`),
      );
    switch (message.type) {
      case 'call':
        return void answer(message);
      case 'subscribe':
        return subscribe(message);
      case 'open':
        return openDocument(message);
      case 'credit':
        return open.get(message.id)?.credit?.(message.messages);
      case 'data':
        return open.get(message.id)?.document?.send(message.bytes);
      case 'unsubscribe':
      case 'close': {
        const one = open.get(message.id);
        open.delete(message.id);
        return one?.end();
      }
      case 'bye':
        return close();
    }
  });
  send({ type: 'hello', version: BRIDGE_VERSION });
  return { close };
}

/** Lets `window` messages through ahead of the reader; `take` waits when they are used up. */
function createGate(window: number): { take(): Promise<void>; give(messages: number): void; release(): void } {
  let left = window;
  let wake: (() => void) | undefined;
  return {
    async take() {
      left--;
      while (left <= 0) await new Promise<void>((resolve) => (wake = resolve));
    },
    give(messages) {
      left += messages;
      wake?.();
    },
    release() {
      left = Number.POSITIVE_INFINITY;
      wake?.();
    },
  };
}

async function runGuarded(
  onBug: (error: unknown) => void,
  work: () => Promise<Result<unknown>>,
): Promise<Result<unknown>> {
  try {
    return await work();
  } catch (error) {
    return err(faultOf(error, onBug));
  }
}

function faultOf(error: unknown, onBug: (error: unknown) => void): Fault {
  if (error instanceof FaultError) return error.fault;
  onBug(error);
  return bug();
}

function bug(): Fault {
  return fault(
    'bridge.bug',
    'permanent',
    'this device met something that must not happen',
    'Try again; if it stays so, reload and report it with the browser’s console.',
  );
}

function badInput(issue: { path: PropertyKey[]; message: string } | undefined): Fault {
  const field = issue?.path.map(String).join('.') ?? '';
  return fault(
    'bridge.bad-input',
    'permanent',
    `${field || 'input'}: ${issue?.message ?? 'does not fit'}`,
    'Correct the field and try again.',
    {
      ...(field ? { field } : {}),
    },
  );
}

function tooMany(): Fault {
  return fault('bridge.too-many', 'transient', 'this window holds too much open', 'Close some views, or reload.');
}

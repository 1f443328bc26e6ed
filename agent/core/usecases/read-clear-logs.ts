import { createLineReader } from '#shared/contracts/link/log-lines.ts';
import type { LogsQuery } from '#shared/contracts/rest/index.ts';
import { type Fault, FaultError, fault, fromBase64, type Random, toHex, unwrap } from '#shared/kernel/index.ts';
import { createStreamReceiver, decideClearLogs, type StreamReceiver } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { CommandListener } from '../link/command-broker.ts';
import { type Asker, actorOf, reachOf } from './caller.ts';
import { showApp } from './read-models.ts';
import { nodeAway } from './send-command.ts';

/** How long a node may take to begin. */
const BEGIN_WITHIN_MS = 30_000;

/** Frames given back to the node each time so many were read. */
const CREDIT_STEP = 8;

/**
 * LOG-26: the logs of an app as JSON lines, for an API token to which an owner granted them. They come sealed to a one-time
 * key of this core; the node gives them only where its own log names the grant, whatever is decided here.
 */
export async function readClearLogs(
  core: Core,
  asker: Asker,
  appId: string,
  query: LogsQuery,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  const act: Act = { actor: actorOf(asker), action: 'logs.read', subject: { app: appId }, envelope: null };
  const { tokenId, node } = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    if (!('held' in asker)) throw new FaultError(sealedForDevices());
    const { tokenId } = asker.held;
    const app = await showApp(core, reachOf(asker), appId);
    if (app.node === null) throw new FaultError(noNode(app.name));
    act.subject.node = app.node;
    unwrap(decideClearLogs(core.trust.current(), tokenId, { appId, node: app.node, now: core.clock.nowMs() }));
    if (core.nodes.connected(app.node) === undefined) throw new FaultError(nodeAway(core, app.node));
    const found = { tokenId, node: app.node };
    return async () => found;
  });
  const receiver = await createStreamReceiver();
  const command = randomHash(core.random);
  const frames = createFrameQueue();
  const { tail, follow, service } = query;
  const args = { appId, tail, follow: follow === 'true', ...(service === undefined ? {} : { service }) };
  const message = { type: 'clear-logs', command, tokenId, appId, args, replyKey: receiver.publicKey } as const;
  if (!core.commands.start(node, command, message, frames.listener)) throw new FaultError(nodeAway(core, node));
  const end = (): void => {
    core.commands.cancel(command);
    frames.end(null);
  };
  signal.addEventListener('abort', end, { once: true });
  const late = setTimeout(() => frames.end(noAnswer()), BEGIN_WITHIN_MS);
  const nodeSignKey = core.trust.current().nodes.get(node)?.signKey ?? '';
  try {
    const hello = await frames.begun;
    unwrap(await receiver.begin({ hello, commandHash: command, nodeSignKey }));
  } catch (cause) {
    end();
    throw cause;
  } finally {
    clearTimeout(late);
  }
  const credit = (): void => core.commands.credit(command, CREDIT_STEP);
  return toLines({ receiver, frames, credit, end });
}

async function* toLines(about: {
  receiver: StreamReceiver;
  frames: FrameQueue;
  credit: () => void;
  end: () => void;
}): AsyncGenerator<string> {
  const { receiver, frames, credit, end } = about;
  const reader = createLineReader();
  let read = 0;
  try {
    for await (const data of frames.all()) {
      const { bytes, last } = unwrap(await receiver.open(fromBase64(data) ?? new Uint8Array()));
      for (const line of reader.push(bytes)) yield `${JSON.stringify(toClearLine(line))}\n`;
      if (last) return;
      if (++read % CREDIT_STEP === 0) credit();
    }
  } catch (cause) {
    // The answer has begun: what ends it is its last line.
    const why = cause instanceof FaultError ? cause.fault : brokeOff();
    yield `${JSON.stringify({ fault: why })}\n`;
  } finally {
    end();
  }
}

type Line = ReturnType<ReturnType<typeof createLineReader>['push']>[number];

function toClearLine(line: Line): object {
  if ('fault' in line) return line;
  const { time, service, stream } = line;
  return { time, service, stream, line: new TextDecoder().decode(fromBase64(line.line) ?? new Uint8Array()) };
}

interface FrameQueue {
  readonly listener: CommandListener;
  /** The node's hello; rejects with its refusal. */
  readonly begun: Promise<string>;
  all(): AsyncIterable<string>;
  /** With null: nobody reads any more. */
  end(why: Fault | null): void;
}

/** Frames between the node's link and the reader; bounded by the credit that the reader gives. */
function createFrameQueue(): FrameQueue {
  const waiting: string[] = [];
  const begun = Promise.withResolvers<string>();
  // A reader that is gone before the answer asks for no reason.
  begun.promise.catch(() => undefined);
  let ended: { why: Fault | null } | undefined;
  let wake = (): void => undefined;
  const end = (why: Fault | null): void => {
    ended ??= { why };
    begun.reject(new FaultError(why ?? brokeOff()));
    wake();
  };
  return {
    begun: begun.promise,
    end,
    listener: {
      onResult: ({ ok, hello, fault: why }) => (ok && hello !== null ? begun.resolve(hello) : end(why ?? brokeOff())),
      onFrame(data) {
        waiting.push(data);
        wake();
      },
      onLost: () => end(brokeOff()),
    },
    async *all() {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else if (ended === undefined)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        else if (ended.why === null) return;
        else throw new FaultError(ended.why);
      }
    },
  };
}

function randomHash(random: Random): string {
  return toHex(random.bytes(32));
}

function sealedForDevices(): Fault {
  return fault(
    'logs.tokens-only',
    'permanent',
    'A device reads logs sealed to itself; in clear text they are for API tokens.',
    'Run `overseer apps logs APP`, or send a signed command (`POST apps/{id}/logs`).',
  );
}

function noNode(name: string): Fault {
  return fault('app.no-node', 'permanent', `${name} has no node yet.`, 'Deploy it first.');
}

function noAnswer(): Fault {
  return fault('command.no-answer', 'transient', 'The node did not answer within 30 s.', 'Try again.');
}

function brokeOff(): Fault {
  return fault('command.cut-off', 'transient', 'The stream broke off before its end.', 'Ask again.');
}

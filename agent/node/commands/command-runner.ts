import { commandArgsSchemas } from '#shared/contracts/link/commands.ts';
import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import { err, type Fault, FaultError, fault, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import {
  CLEAR_LOGS,
  type Command,
  type CommandCounters,
  type CommandVerb,
  decideCommand,
  everyTrustKey,
  isReadingVerb,
  itemHash,
  type Opened,
  openEnvelope,
  parseEnvelope,
} from '#shared/trust/index.ts';
import type { LogLine } from '../reconcile/applier-port.ts';
import type { NodeContext } from '../reconcile/node-context.ts';
import { refuseUnreadable, wireFault } from '../reconcile/outcome.ts';
import { storeFault } from '../store/store-fault.ts';
import { type ClearLogsMessage, decideClearLogsMessage, whileGranted } from './clear-logs.ts';
import { streamLogs } from './log-frames.ts';
import { createReplyStream, type ReplyStream } from './reply-stream.ts';
import { type Args, afterKnown, type CommandPorts, type LogVerb, runShortVerb } from './verbs.ts';

export interface CommandRunner {
  /** Resolves when the command is decided and written down; its work goes on by itself. */
  command(message: Extract<CoreToNode, { type: 'command' }>): Promise<void>;
  /** LOG-26: the logs of an app for an API token; decided and written down like a command. */
  clearLogs(message: ClearLogsMessage): Promise<void>;
  credit(command: string, frames: number): void;
  cancel(command: string): void;
  disconnected(): void;
}

const MAX_RUNNING = 32;

/** CMD: runs momentary orders of devices. Each leaves exactly one entry in the node's chain, accepted or refused. */
export function createCommandRunner(context: NodeContext, session: string, ports: CommandPorts): CommandRunner {
  let counters: CommandCounters = {};
  const streams = new Map<string, ReplyStream>();
  let running = 0;

  const decide = async (message: Extract<CoreToNode, { type: 'command' }>): Promise<Result<Decided>> => {
    const state = context.trust.state;
    const parsed = parseEnvelope(message.envelope);
    if (!parsed.ok) return parsed;
    // A revoked device is refused by decideCommand, which says so.
    const keys = everyTrustKey(state, 'device');
    const opened = await openEnvelope(parsed.value, { kind: 'command', fleet: state.fleet, keys });
    if (!opened.ok) return opened;
    const now = context.clock.nowMs();
    const may = decideCommand({ opened: opened.value, node: context.identity.nodeId, session, counters, state, now });
    if (!may.ok) return may;
    const holds = context.hold.why();
    if (holds && !isReadingVerb(opened.value.payload.verb)) return err(holds);
    counters = may.value.counters;
    if (running >= MAX_RUNNING) return err(busy());
    const { verb, args, replyKey } = opened.value.payload;
    const read = commandArgsSchemas[verb].safeParse(args);
    if (!read.success)
      return err(badArgs(verb, read.error.issues[0]?.path.join('.') ?? '', read.error.issues[0]?.message));
    if (replyKey === null && verb !== 'restart') return err(noReplyKey(verb));
    return ok({ opened: opened.value, verb, args: read.data });
  };

  const perform = async (hash: string, decided: Decided): Promise<void> => {
    const { replyKey } = decided.opened.payload;
    if (decided.verb === 'logs' && replyKey !== null) {
      return afterKnownLogs(hash, decided.args as Args<'logs'>, replyKey);
    }
    if (decided.verb === 'agent-logs' && replyKey !== null) {
      const stream = await open(hash, replyKey);
      answer(hash, null, stream.hello);
      const query = { ...(decided.args as Args<'agent-logs'>), signal: stream.signal };
      return streamLogs(ports.agentLogs(query), stream);
    }
    const result = await guarded(() =>
      runShortVerb(ports, context, decided.verb as Exclude<CommandVerb, LogVerb>, decided.args),
    );
    if (!result.ok) return answer(hash, result.error, null);
    if (replyKey === null) return answer(hash, null, null);
    const stream = await open(hash, replyKey);
    answer(hash, null, stream.hello);
    await stream.end(utf8(JSON.stringify(result.value)));
  };

  const afterKnownLogs = async (hash: string, args: Args<'logs'>, replyKey: string): Promise<void> => {
    const known = await afterKnown(context, args.appId, async () => ok());
    return known.ok ? sendLogs(hash, args, replyKey, (lines) => lines) : answer(hash, known.error, null);
  };

  const sendLogs = async (
    hash: string,
    args: Args<'logs'>,
    replyKey: string,
    through: (lines: AsyncIterable<LogLine>) => AsyncIterable<LogLine>,
  ): Promise<void> => {
    const { appId, service, tail, follow, since } = args;
    const stream = await open(hash, replyKey);
    answer(hash, null, stream.hello);
    const query = {
      appId,
      tail,
      follow,
      signal: stream.signal,
      ...(since === null ? {} : { since: Date.parse(since) / 1_000 }),
      ...(service === undefined ? {} : { service }),
    };
    await streamLogs(through(ports.applier.logs(query)), stream);
  };

  const open = async (hash: string, replyKey: string): Promise<ReplyStream> => {
    const stream = await createReplyStream({
      replyKey,
      commandHash: hash,
      signer: context.identity.signer,
      sendFrame: (data) => context.send({ type: 'frame', command: hash, data }),
    });
    streams.set(hash, stream);
    return stream;
  };

  const answer = (command: string, why: Fault | null, hello: string | null): void => {
    context.send({ type: 'command-result', command, ok: why === null, fault: wireFault(why), hello });
  };

  return {
    async command(message) {
      const hash = hashOf(message);
      if (hash === undefined) return refuseUnreadable(context, { what: 'command' });
      const decided = await decide(message);
      try {
        await context.audit.append({
          action: decided.ok ? 'command' : 'refused',
          subject: decided.ok ? subjectOf(decided.value) : {},
          order: hash,
          detail: decided.ok
            ? { signer: decided.value.opened.signer }
            : { fault: decided.error.code, message: decided.error.message },
        });
      } catch (cause) {
        // P8: what can not be written down is not done.
        return answer(hash, storeFault(cause, context.store.folder) ?? broke('writing it down', cause), null);
      }
      if (!decided.ok) return answer(hash, decided.error, null);
      running += 1;
      void perform(hash, decided.value)
        .catch((cause) => answer(hash, broke(decided.value.verb, cause), null))
        .finally(() => {
          running -= 1;
          streams.delete(hash);
        });
    },
    async clearLogs(message) {
      const { command, tokenId, appId, replyKey } = message;
      const free = streams.has(command) || running >= MAX_RUNNING ? err(busy()) : ok();
      const decided = free.ok ? await decideClearLogsMessage(context, message) : free;
      try {
        await context.audit.append({
          action: decided.ok ? CLEAR_LOGS : 'refused',
          subject: { verb: CLEAR_LOGS, appId, token: tokenId },
          order: null,
          detail: decided.ok ? {} : { fault: decided.error.code, message: decided.error.message },
        });
      } catch (cause) {
        return answer(command, storeFault(cause, context.store.folder) ?? broke('writing it down', cause), null);
      }
      if (!decided.ok) return answer(command, decided.error, null);
      running += 1;
      void sendLogs(command, decided.value, replyKey, (lines) => whileGranted(context, message, lines))
        .catch((cause) => answer(command, broke(CLEAR_LOGS, cause), null))
        .finally(() => {
          running -= 1;
          streams.delete(command);
        });
    },
    credit: (command, frames) => streams.get(command)?.credit(frames),
    cancel: (command) => streams.get(command)?.cancel(),
    disconnected() {
      for (const stream of streams.values()) stream.cancel();
    },
  };
}

interface Decided {
  readonly opened: Opened<Command>;
  readonly verb: CommandVerb;
  readonly args: unknown;
}

function hashOf(message: Extract<CoreToNode, { type: 'command' }>): string | undefined {
  const parsed = parseEnvelope(message.envelope);
  return parsed.ok ? itemHash(parsed.value) : undefined;
}

function subjectOf(decided: Decided): Record<string, string> {
  const { appId, service, connector } = decided.args as { appId?: string; service?: string; connector?: string };
  return {
    verb: decided.verb,
    ...(appId ? { appId } : {}),
    ...(service ? { service } : {}),
    ...(connector ? { connector } : {}),
  };
}

async function guarded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (cause) {
    return err(broke('command', cause));
  }
}

function broke(verb: string, cause: unknown): Fault {
  if (cause instanceof FaultError) return cause.fault;
  return fault(
    'node.command-broke',
    'transient',
    `The node failed at ${verb}: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Run the command again; if it repeats, look at the node’s log.',
  );
}

function badArgs(verb: string, field: string, why = 'does not fit'): Fault {
  return fault('command.bad-args', 'permanent', `${verb}: ${field || 'args'}: ${why}`, 'correct the command', {
    field: `args.${field}`,
  });
}

function noReplyKey(verb: string): Fault {
  return fault(
    'command.no-reply-key',
    'permanent',
    `${verb} answers with data, and the command names no replyKey to seal it to`,
    'sign the command again with a replyKey',
    { field: 'replyKey' },
  );
}

function busy(): Fault {
  return fault(
    'command.busy',
    'transient',
    `this node runs ${MAX_RUNNING} commands already`,
    'end a log that is being followed, then run the command again',
  );
}

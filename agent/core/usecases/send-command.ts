import type { CommandResponse, StreamResponse } from '#shared/contracts/rest/index.ts';
import { type Fault, FaultError, fault, fromBase64, unwrap } from '#shared/kernel/index.ts';
import { type CommandVerb, type Envelope, everyTrustKey, openEnvelope } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { CommandListener, CommandResult } from '../link/command-broker.ts';
import { actorOf, type Caller, readEnvelopes, requireRight } from './caller.ts';

/** How long a short command may take. */
export const COMMAND_TIMEOUT_MS = 30_000;
/** Sealed bytes that a short answer may have, as base64. */
const MAX_ANSWER = 8 * 1024 * 1024;

/** Sends a short command and collects its sealed answer. */
export async function sendCommand(
  core: Core,
  caller: Caller,
  input: unknown,
  only?: CommandVerb,
): Promise<CommandResponse> {
  const { hash, node, message } = await admitCommand(core, caller, input, { verb: only });
  return new Promise<CommandResponse>((resolve, reject) => {
    const frames: string[] = [];
    let size = 0;
    let result: CommandResult | null = null;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      core.commands.cancel(hash);
      settle();
    };
    const fail = (why: Fault) => end(() => reject(new FaultError(why)));
    const timer = setTimeout(() => fail(noAnswer(node)), COMMAND_TIMEOUT_MS);
    const listener: CommandListener = {
      onResult(found) {
        result = found;
        if (!found.ok || found.hello === null) end(() => resolve({ ...found, frames }));
      },
      onFrame(data) {
        frames.push(data);
        size += data.length;
        if (size > MAX_ANSWER) return fail(tooLong());
        const answer = result;
        if (isLastFrame(data) && answer !== null) end(() => resolve({ ...answer, frames }));
        else core.commands.credit(hash, 1);
      },
      onLost: () => fail(nodeAway(core, node)),
    };
    if (!core.commands.start(node, hash, message, listener)) fail(nodeAway(core, node));
  });
}

/** Opens a log stream: the node's answer is buffered until the reader comes by WebSocket. */
export async function openLogStream(
  core: Core,
  caller: Caller,
  only: { verb: 'logs'; appId: string } | { verb: 'agent-logs'; node: string },
  input: unknown,
): Promise<StreamResponse> {
  const { hash, node, message } = await admitCommand(core, caller, input, only);
  const listener = core.streams.open(hash, caller.deviceId, () => core.commands.cancel(hash));
  if (!core.commands.start(node, hash, message, listener)) throw new FaultError(nodeAway(core, node));
  return { stream: hash };
}

/** Checks and writes down a command before it leaves. The node checks it again and does not believe the core. */
async function admitCommand(
  core: Core,
  caller: Caller,
  input: unknown,
  only: { verb?: CommandVerb | undefined; appId?: string; node?: string },
) {
  const envelope = readEnvelopes([input])[0] as Envelope;
  const act: Act = {
    actor: actorOf(caller),
    action: 'command.send',
    subject: {},
    envelope: envelope.signatures[0]?.keyid === caller.deviceId ? envelope : null,
  };
  return performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const state = core.trust.current();
    const keys = everyTrustKey(state, 'device');
    const opened = unwrap(await openEnvelope(envelope, { kind: 'command', fleet: state.fleet, keys }));
    const { node, verb, args, expiresAt } = opened.payload;
    Object.assign(act.subject, { command: opened.itemHash, node, verb });
    if (only.verb !== undefined && verb !== only.verb) throw new FaultError(wrongVerb(only.verb, verb));
    const appId = typeof args.appId === 'string' ? args.appId : undefined;
    if (only.appId !== undefined && appId !== only.appId) throw new FaultError(wrongApp(only.appId));
    if (only.node !== undefined && node !== only.node) throw new FaultError(wrongNode(only.node));
    requireRight(core, { deviceId: opened.signer }, verb, appId === undefined ? { node } : { node, appId });
    if (Date.parse(expiresAt) <= core.clock.nowMs()) throw new FaultError(expired(expiresAt));
    if (core.nodes.connected(node) === undefined) throw new FaultError(nodeAway(core, node));
    const message = { type: 'command' as const, envelope: envelope as never };
    return async () => ({ hash: opened.itemHash, node, message });
  });
}

/** STR-3: the first byte of the last sealed frame is 1. */
function isLastFrame(data: string): boolean {
  return fromBase64(data.slice(0, 4))?.[0] === 1;
}

/** The fault of a command to a node that is not connected: it says since when. */
export function nodeAway(core: Core, node: string): Fault {
  const name = core.trust.current().nodes.get(node)?.name ?? node;
  return fault(
    'node.away',
    'transient',
    `Node ${name} is not connected (last seen ${core.nodes.lastSeenAt(node) ?? 'never'}), and commands are never queued.`,
    'Check that the node is on and its agent runs, then try again.',
    { detail: { node } },
  );
}

function noAnswer(node: string): Fault {
  return fault(
    'command.no-answer',
    'transient',
    `Node ${node} did not answer within 30 s.`,
    'Try again; look at the log of the node if it stays so.',
  );
}

function tooLong(): Fault {
  return fault(
    'command.answer-too-long',
    'permanent',
    'The answer is longer than a short command may give.',
    'Use a stream (`overseer apps logs`).',
  );
}

function wrongVerb(want: string, verb: string): Fault {
  return fault(
    'command.wrong-verb',
    'permanent',
    `This path takes the command ${want}; the signed one says ${verb}.`,
    'Send it to `POST commands`.',
    {
      field: 'command.verb',
    },
  );
}

function wrongApp(appId: string): Fault {
  return fault(
    'command.wrong-app',
    'permanent',
    `The signed command is not about app ${appId}.`,
    'Send it under its own app.',
    { field: 'command.args.appId' },
  );
}

function wrongNode(node: string): Fault {
  return fault(
    'command.wrong-node',
    'denied',
    `The signed command is not for node ${node}.`,
    'Send it under its own node.',
    { field: 'command.node' },
  );
}

function expired(expiresAt: string): Fault {
  return fault(
    'command.expired',
    'denied',
    `The command ended at ${expiresAt}.`,
    'Check the clocks of device and core, then sign it again.',
    {
      field: 'expiresAt',
    },
  );
}

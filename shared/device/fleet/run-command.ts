import { err, fault, fromBase64, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import {
  type CommandVerb,
  createStreamReceiver,
  type Envelope,
  itemHash,
  type NodeIdentity,
  type StreamReceiver,
  signEnvelope,
} from '#shared/trust/index.ts';
import { joinBytes } from '../connection/read-all.ts';
import { vouchFor } from '../holding/vouch.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { findNode } from './find-node.ts';
import type { Fleet } from './fleet.ts';

/** How long a command is good for, in milliseconds; a node takes at most 15 minutes. */
const COMMAND_MS = 10 * 60_000;

export interface CommandOrder {
  /** nodeId */
  readonly node: string;
  readonly verb: CommandVerb;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A signed command and the one-time key that its answer is sealed to. */
export interface SignedCommand {
  readonly envelope: Envelope;
  readonly hash: string;
  readonly receiver: StreamReceiver;
  readonly node: NodeIdentity;
}

/** Signs a command for a node's present start; a node that is away has none and gets no command. */
export async function signCommand(
  context: DeviceContext,
  fleet: Fleet,
  order: CommandOrder,
): Promise<Result<SignedCommand>> {
  const node = findNode(fleet.trust(), order.node);
  if (!node.ok) return node;
  const shown = await fleet.client.call('showNode', { params: { id: order.node } });
  if (!shown.ok) return shown;
  if (shown.value.session === null) return err(nodeAway(node.value.name));
  // A node that has just started takes no restart before somebody vouches; what it says to the command tells the rest.
  await vouchFor(context, fleet, shown.value);
  const receiver = await createStreamReceiver();
  const envelope = await signEnvelope(
    'command',
    {
      ...fleet.heads(),
      node: order.node,
      verb: order.verb,
      args: order.args,
      session: shown.value.session,
      writer: fleet.config.writer,
      counter: await fleet.store.nextCounter(),
      expiresAt: new Date(context.clock.nowMs() + COMMAND_MS).toISOString(),
      replyKey: receiver.publicKey,
    },
    fleet.device.signer,
  );
  return ok({ envelope, hash: itemHash(envelope), receiver, node: node.value });
}

/** Runs a short command and opens its sealed answer: one JSON value, null when the verb answers nothing. */
export async function runCommand(context: DeviceContext, fleet: Fleet, order: CommandOrder): Promise<Result<unknown>> {
  const command = await signCommand(context, fleet, order);
  if (!command.ok) return command;
  const { envelope, hash, receiver, node } = command.value;
  const answer =
    order.verb === 'dns-test'
      ? await fleet.client.call('testCloudflare', { body: { command: envelope } })
      : await fleet.client.call('sendCommand', { body: { envelope } });
  if (!answer.ok) return answer;
  const { fault: refusal, hello, frames } = answer.value;
  if (!answer.value.ok) return err(refusal ?? silent(node.name));
  if (hello === null) return ok(null);
  const begun = await receiver.begin({ hello, commandHash: hash, nodeSignKey: node.signKey });
  if (!begun.ok) return begun;
  const parts: Uint8Array[] = [];
  let ended = false;
  for (const frame of frames) {
    const opened = await receiver.open(fromBase64(frame) ?? new Uint8Array());
    if (!opened.ok) return opened;
    parts.push(opened.value.bytes);
    ended = opened.value.last;
  }
  if (!ended) return err(silent(node.name));
  const text = utf8ToText(joinBytes(parts));
  return ok(text === '' ? null : (JSON.parse(text) as unknown));
}

/** The fault of a node that can not be asked now. */
export function nodeAway(name: string) {
  return fault(
    'node.offline',
    'transient',
    `${name} is not connected to the core`,
    `Check that \`overseer node start\` runs on ${name} and reaches the core.`,
  );
}

function silent(name: string) {
  return fault('command.no-answer', 'transient', `${name} gave no whole answer`, 'Run the command again.');
}

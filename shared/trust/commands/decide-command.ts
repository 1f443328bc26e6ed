import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Opened } from '../envelopes/open-envelope.ts';
import { decideDeviceMay } from '../log/permissions.ts';
import type { TrustState } from '../log/state.ts';
import { revokedNode } from '../releases/refusals.ts';
import type { Command } from './command.ts';

/** The furthest that expiresAt may lie ahead of the node's clock: 15 min. */
export const MAX_COMMAND_LIFE_MS = 15 * 60_000;

/** Clocks of device and node may differ by this much at the ceiling. */
const CLOCK_SKEW_MS = 60_000;

/** Writers that one agent start remembers; forgetting one would let its commands be replayed. */
export const MAX_COMMAND_WRITERS = 4_096;

/** Highest counter taken, by `signer:writer`. Starts empty at each agent start, together with a new session. */
export type CommandCounters = Readonly<Record<string, number>>;

export interface CommandQuestion {
  readonly opened: Opened<Command>;
  /** nodeId of this node. */
  readonly node: string;
  /** Random at this agent's start. */
  readonly session: string;
  readonly counters: CommandCounters;
  readonly state: TrustState;
  /** This node's clock, in milliseconds. */
  readonly now: number;
}

/** CMD-1..CMD-7: may this node do this now? Keep the answered counters before doing it. */
export function decideCommand(question: CommandQuestion): Result<{ counters: CommandCounters }> {
  const { opened, node, session, counters, state, now } = question;
  const command = opened.payload;
  if (command.fleet !== state.fleet) return refuse('command.wrong-fleet', 'fleet', 'it is for another fleet', SEND);
  if (state.revokedNodes.has(node)) return err(revokedNode(node));
  if (command.node !== node) return refuse('command.wrong-node', 'node', `it is for node ${command.node}`, SEND);
  if (command.session !== session)
    return refuse('command.wrong-session', 'session', 'the agent has started again since it was signed', AGAIN);
  const expiresMs = Date.parse(command.expiresAt);
  const clock = `this node's clock says ${new Date(now).toISOString()}`;
  if (expiresMs <= now)
    return refuse('command.expired', 'expiresAt', `it ended at ${command.expiresAt}, ${clock}`, CLOCKS);
  if (expiresMs > now + MAX_COMMAND_LIFE_MS + CLOCK_SKEW_MS)
    return refuse('command.expiry-too-far', 'expiresAt', `it would last until ${command.expiresAt}, ${clock}`, CLOCKS);
  const may = decideDeviceMay(state, opened.signer, command.verb, { node, now, ...appOf(command) });
  if (!may.ok) return may;

  const key = `${opened.signer}:${command.writer}`;
  const seen = Object.hasOwn(counters, key) ? (counters[key] ?? 0) : 0;
  if (command.counter <= seen)
    return refuse('command.replayed', 'counter', `counter ${command.counter} was used, the last is ${seen}`, AGAIN);
  if (seen === 0 && Object.keys(counters).length >= MAX_COMMAND_WRITERS)
    return refuse('command.too-many-writers', 'writer', 'too many writers since the agent started', RESTART);
  return ok({ counters: { ...counters, [key]: command.counter } });
}

const SEND = 'send it to the node it names';
const AGAIN = 'sign the command again';
const CLOCKS = 'check the clocks of device and node, then sign the command again';
const RESTART = 'restart the agent on this node';

function appOf(command: Command): { appId?: string } {
  const { appId } = command.args;
  return typeof appId === 'string' ? { appId } : {};
}

function refuse(code: string, field: string, why: string, next: string): Result<never> {
  return err(fault(code, 'denied', `the command is refused: ${why}`, next, { field }));
}

import {
  admitNode,
  type Fleet,
  levelTrust,
  openTokens,
  registerToken,
  waitForHeartbeat,
  waitForNode,
} from '#shared/device/index.ts';
import { err, type Fault, fault, type Result } from '#shared/kernel/index.ts';
import type { EnrolmentToken, NodeIdentity } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { numberOption, type VerbInput } from '../options.ts';
import { formatDuration } from '../output/format.ts';

/** Prints the line that joins a server, waits until the server has come, checks it and lets it in. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const minutes = numberOption(input, 'expires', '--expires', 1, 1_440);
    if (!minutes.ok) return minutes;
    if (input.flag('resume')) return resume(context, fleet);
    const trusted = await levelTrust(fleet);
    if (!trusted.ok) return trusted;
    const made = await registerToken(context, fleet, { name: input.text('name'), minutes: minutes.value ?? 30 });
    if (!made.ok) return made;
    const { token, parsed } = made.value;
    const command = `overseer node join ${token}`;
    const about = { command, token, expiresAt: parsed.expiresAt };
    if (input.choice('wait') === false) {
      return done({ ...about, node: null }, (out) => {
        out.line('Run this on the server, as root:');
        out.line();
        out.line(command);
        out.line();
        out.line(`Then let it in with \`overseer nodes token --resume\`, before ${parsed.expiresAt}.`);
      });
    }
    context.out.line('Run this on the server, as root:');
    context.out.line();
    context.out.line(command);
    context.out.line();
    // A script needs the token while this command still waits: with --json the output is two JSON lines.
    context.out.record({ type: 'token', ...about });
    const node = await admit(context, fleet, [parsed]);
    if (!node.ok) return node;
    return greet(context, fleet, node.value, about);
  });
}

async function resume(context: CliContext, fleet: Fleet): Promise<Result<Done>> {
  const trusted = await levelTrust(fleet);
  if (!trusted.ok) return trusted;
  const open = await openTokens(context, fleet);
  if (open.length === 0) return err(nothingToResume());
  const node = await admit(context, fleet, open);
  return node.ok ? greet(context, fleet, node.value, {}) : node;
}

/** Waits for a node with one of the tokens, checks its proof, signs it into the log. */
async function admit(
  context: CliContext,
  fleet: Fleet,
  tokens: readonly EnrolmentToken[],
): Promise<Result<NodeIdentity>> {
  const startedMs = context.clock.nowMs();
  context.out.status('waiting for the server …');
  const enrolment = await waitForNode(context, fleet, tokens);
  context.out.status(null);
  if (!enrolment.ok) return context.signal.aborted ? err(stillOpen()) : enrolment;
  if (enrolment.value === undefined) return err(nobodyCame(context.clock.nowMs() - startedMs));
  const { lostRaces } = enrolment.value;
  if (lostRaces > 0) context.out.note(lostRaceText(lostRaces), 'bad');
  return admitNode(context, fleet, enrolment.value, tokens);
}

/** Says that the node lives, once its first heartbeat is in. */
async function greet(context: CliContext, fleet: Fleet, node: NodeIdentity, about: object): Promise<Result<Done>> {
  const startedMs = context.clock.nowMs();
  context.out.status(`${node.name} is in; waiting for its first heartbeat …`);
  const online = await waitForHeartbeat(context, fleet, node.nodeId, 120_000);
  context.out.status(null);
  if (!online.ok) return online;
  const heartbeatMs = online.value ? context.clock.nowMs() - startedMs : null;
  const json = { ...about, node: { nodeId: node.nodeId, name: node.name }, online: online.value, heartbeatMs };
  return done(json, (out) => {
    out.line(`${node.name} has joined (${node.nodeId}).`, 'good');
    if (heartbeatMs !== null) out.line(`First heartbeat after ${formatDuration(heartbeatMs)}.`);
    else out.line('No heartbeat yet: start it with `overseer node start` on the server.', 'warn');
  });
}

function lostRaceText(count: number): string {
  return `ALERT: ${count} other machine(s) tried the same token. Somebody else has seen it: check which machine joined.`;
}

function nobodyCame(waitedMs: number): Fault {
  return fault(
    'enrol.nobody-came',
    'transient',
    `no server has used the token in ${formatDuration(waitedMs)}, and it has expired`,
    'Make a new one with `overseer nodes token` and run its line on the server.',
  );
}

function stillOpen(): Fault {
  return fault(
    'cli.interrupted',
    'transient',
    'this command no longer waits; the token stays good until it expires',
    'Let the node in with `overseer nodes token --resume`.',
  );
}

function nothingToResume(): Fault {
  return fault(
    'enrol.nothing-open',
    'permanent',
    'this device has no open enrolment token',
    'Make one with `overseer nodes token`.',
  );
}

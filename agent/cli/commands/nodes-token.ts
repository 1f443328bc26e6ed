import { type Enrolment, enrolmentSchema } from '#shared/contracts/rest/index.ts';
import { type Fleet, watchEvents } from '#shared/device/index.ts';
import { err, type Fault, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import {
  admitHash,
  createEnrolmentToken,
  deriveAdmit,
  type EnrolmentToken,
  type NodeIdentity,
  signTrustEntry,
  verifyEnrolmentRequest,
} from '#shared/trust/index.ts';
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
    const made = await registerToken(context, fleet, input.text('name'), minutes.value ?? 30);
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

async function levelTrust(fleet: Fleet): Promise<Result<void>> {
  const log = await fleet.client.call('getTrust');
  return log.ok ? fleet.takeTrust(log.value.entries) : log;
}

async function registerToken(
  context: CliContext,
  fleet: Fleet,
  name: string | undefined,
  minutes: number,
): Promise<Result<{ token: string; parsed: EnrolmentToken }>> {
  const core = fleet.trust().core;
  if (core === null) return err(noCore());
  const expiresAt = new Date(context.clock.nowMs() + minutes * 60_000).toISOString();
  const made = createEnrolmentToken(
    { addresses: core.addresses, coreSpki: core.tlsSpki, genesis: fleet.config.fleet, expiresAt },
    context.random,
  );
  // Kept (in the encrypted replica) before anybody can use it, so that a cut-off wait can be taken up again.
  await fleet.store.saveToken({ token: made.parsed, name: name ?? null });
  const body = { admitHash: admitHash(await deriveAdmit(made.parsed)), expiresAt, ...(name ? { name } : {}) };
  const registered = await fleet.client.call('registerToken', { body });
  return registered.ok ? ok(made) : registered;
}

async function resume(context: CliContext, fleet: Fleet): Promise<Result<Done>> {
  const trusted = await levelTrust(fleet);
  if (!trusted.ok) return trusted;
  const open = (await fleet.store.tokens()).filter(({ token }) => Date.parse(token.expiresAt) > context.clock.nowMs());
  if (open.length === 0) return err(nothingToResume());
  const node = await admit(
    context,
    fleet,
    open.map(({ token }) => token),
  );
  return node.ok ? greet(context, fleet, node.value, {}) : node;
}

/** Waits for a node with one of the tokens, checks its proof, signs it into the log. */
async function admit(
  context: CliContext,
  fleet: Fleet,
  tokens: readonly EnrolmentToken[],
): Promise<Result<NodeIdentity>> {
  const byHash = new Map<string, EnrolmentToken>();
  for (const token of tokens) byHash.set(admitHash(await deriveAdmit(token)), token);
  const untilMs = Math.max(...tokens.map((token) => Date.parse(token.expiresAt)));
  const startedMs = context.clock.nowMs();
  context.out.status('waiting for the server …');
  const enrolment = await watchEvents<Enrolment>(fleet.client, {
    signal: context.signal,
    untilMs,
    clock: context.clock,
    timers: context.timers,
    read: async () => {
      const listed = await fleet.client.call('listEnrolments');
      return listed.ok ? ok(listed.value.enrolments.find((item) => wants(item, byHash))) : listed;
    },
    take: (event) => {
      if (event.type !== 'enrolment') return undefined;
      const parsed = enrolmentSchema.safeParse(event.data);
      return parsed.success && wants(parsed.data, byHash) ? parsed.data : undefined;
    },
  });
  context.out.status(null);
  if (!enrolment.ok) return context.signal.aborted ? err(stillOpen()) : enrolment;
  if (enrolment.value === undefined) return err(nobodyCame(context.clock.nowMs() - startedMs));
  const { value } = enrolment;
  if (value.lostRaces > 0) context.out.note(lostRaceText(value.lostRaces), 'bad');
  const token = byHash.get(value.admitHash);
  if (!token || value.request === null || value.mac === null) return err(badEnrolment());
  const node = await verifyEnrolmentRequest(token, value.request, value.mac);
  if (!node.ok) {
    await fleet.client.call('refuseEnrolment', {
      params: { id: value.enrolment },
      body: { reason: node.error.message },
    });
    return node;
  }
  return signIn(context, fleet, value.name === null ? node.value : { ...node.value, name: value.name }, token);
}

function wants(item: Enrolment, byHash: ReadonlyMap<string, EnrolmentToken>): boolean {
  return byHash.has(item.admitHash) && item.state === 'requested' && item.request !== null;
}

async function signIn(
  context: CliContext,
  fleet: Fleet,
  node: NodeIdentity,
  token: EnrolmentToken,
): Promise<Result<NodeIdentity>> {
  const known = [...fleet.trust().nodes.values()].find(({ name }) => name === node.name);
  const named = known ? { ...node, name: `${node.name.slice(0, 55)}-${node.nodeId.slice(0, 6)}` } : node;
  const entry = await signTrustEntry(fleet.trust(), { kind: 'add-node', node: named }, fleet.device.signer, {
    at: isoTime(context.clock),
    auditHead: fleet.heads().auditHead,
  });
  const sent = await fleet.client.call('extendTrust', { body: { entries: [entry] } });
  if (!sent.ok) return sent;
  const taken = await fleet.takeTrust([entry]);
  if (!taken.ok) return taken;
  await fleet.store.dropToken(token.secret);
  return ok(named);
}

/** Says that the node lives, once its first heartbeat is in. */
async function greet(context: CliContext, fleet: Fleet, node: NodeIdentity, about: object): Promise<Result<Done>> {
  const startedMs = context.clock.nowMs();
  context.out.status(`${node.name} is in; waiting for its first heartbeat …`);
  const online = await watchEvents<true>(fleet.client, {
    signal: context.signal,
    untilMs: startedMs + 120_000,
    clock: context.clock,
    timers: context.timers,
    read: async () => {
      const shown = await fleet.client.call('showNode', { params: { id: node.nodeId } });
      return ok(shown.ok && shown.value.status === 'online' ? true : undefined);
    },
    take: (event) =>
      event.type === 'node' && event.data.nodeId === node.nodeId && event.data.status === 'online' ? true : undefined,
  });
  context.out.status(null);
  if (!online.ok) return online;
  const heartbeatMs = online.value ? context.clock.nowMs() - startedMs : null;
  const json = { ...about, node: { nodeId: node.nodeId, name: node.name }, online: online.value === true, heartbeatMs };
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

function badEnrolment(): Fault {
  return fault(
    'enrol.bad-request',
    'permanent',
    'the core passed on an enrolment without its proof',
    'Check that core and CLI have neighbouring versions.',
  );
}

function noCore(): Fault {
  return fault(
    'trust.no-core',
    'conflict',
    'the trust log does not say which core counts',
    'Two cores claim the same epoch: sign one of them in first.',
  );
}

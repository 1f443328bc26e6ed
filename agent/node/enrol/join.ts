import { type Clock, err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createEnrolmentRequest,
  createTrustState,
  type EnrolmentToken,
  type Envelope,
  parseEnrolmentToken,
  type TrustState,
} from '#shared/trust/index.ts';
import type { NodeStore } from '../store/node-store.ts';
import { type CoreGate, findCore } from './core-gate.ts';
import {
  type PendingEnrolment,
  readPendingEnrolment,
  removePendingEnrolment,
  writePendingEnrolment,
} from './enrolment-file.ts';
import type { NodeIdentityKeys } from './identity.ts';

export interface JoinOptions {
  readonly tokenText: string;
  /** What the node calls itself; the owner's device may sign another name. */
  readonly name: string;
  readonly dataDir: string;
  readonly identity: NodeIdentityKeys;
  readonly store: NodeStore;
  readonly clock: Clock;
  /** For the owner's eyes: OS, CPU, host name. */
  readonly facts: object;
  /** Progress, one line each. */
  tell(line: string): void;
  readonly signal: AbortSignal;
  /** Waits between tries; a port for tests. */
  pause(ms: number): Promise<void>;
}

export interface Joined {
  readonly fleet: string;
  readonly fleetName: string;
  readonly name: string;
  /** It had joined before this call. */
  readonly already: boolean;
}

/** How long after the token's end the owner's device may still answer. */
const GRACE_MS = 60_000;

/**
 * ENR: brings this node into the token's fleet. May be called again after a crash at any point: keys and the exact
 * request are on the disk before they leave. Nothing is trusted but what verifies from the token's genesis.
 */
export async function joinFleet(options: JoinOptions): Promise<Result<Joined>> {
  // Read without its end first: with a wrong clock the better message is the one about the clock.
  const read = parseEnrolmentToken(options.tokenText, 0);
  if (!read.ok) return read;
  const token = read.value;
  const before = joinedBefore(options.store, token);
  if (before) return before;

  const gate = await findCore(token, options.clock, options.signal);
  if (!gate.ok) return gate;
  const pending = preparePending(options, token);
  if (!pending.resumed) {
    const fresh = parseEnrolmentToken(options.tokenText, options.clock.nowMs());
    if (!fresh.ok) return fresh;
    // On the disk before it leaves: a crash from here on finds the request that the core may hold.
    writePendingEnrolment(options.dataDir, pending.enrolment);
  }
  const { result: posted, repeated } = await postUntilHeard(options, gate.value, pending.enrolment);
  if (!posted.ok) {
    // An answer may have been lost on the way: then it is our own request that holds the token, and waiting shows it.
    const perhapsOurs = posted.error.code === 'enrol.token-used' && (pending.resumed || repeated);
    if (!perhapsOurs) {
      if (posted.error.kind !== 'transient') removePendingEnrolment(options.dataDir);
      return posted;
    }
  }
  options.tell(`Waiting for the owner's device to accept this node (core at ${gate.value.host}) …`);
  const entries = await waitUntilJoined(options, token, gate.value, pending.enrolment);
  if (!entries.ok) {
    if (entries.error.kind !== 'transient') removePendingEnrolment(options.dataDir);
    return entries;
  }
  const state = await verifyMembership(token, entries.value, options.identity);
  if (!state.ok) return state;
  const name = state.value.nodes.get(options.identity.nodeId)?.name ?? options.name;
  options.store.transaction(() => {
    options.store.trust.add(state.value.entries);
    options.store.setSetting('name', name);
    options.store.setSetting('fleet', token.genesis);
  });
  removePendingEnrolment(options.dataDir);
  return ok({ fleet: token.genesis, fleetName: state.value.genesis?.fleetName ?? '', name, already: false });
}

/** Verifies the log from the token's genesis and finds our own keys in it. */
export async function verifyMembership(
  token: Pick<EnrolmentToken, 'genesis'>,
  entries: readonly Envelope[],
  identity: Pick<NodeIdentityKeys, 'nodeId' | 'signKey' | 'ageRecipient' | 'tlsSpki'>,
): Promise<Result<TrustState>> {
  const applied = await applyTrustEntries(createTrustState(token.genesis), entries);
  if (!applied.ok || applied.value.state.genesis === null) return err(falseLog(applied.ok ? null : applied.error));
  const state = applied.value.state;
  const own = state.nodes.get(identity.nodeId);
  const ours =
    own?.signKey === identity.signKey && own.ageRecipient === identity.ageRecipient && own.tlsSpki === identity.tlsSpki;
  return ours ? ok(state) : err(notOurKeys(identity.nodeId));
}

function joinedBefore(store: NodeStore, token: EnrolmentToken): Result<Joined> | undefined {
  const fleet = store.setting('fleet');
  if (fleet === undefined) return undefined;
  if (fleet === token.genesis) return ok({ fleet, fleetName: '', name: store.setting('name') ?? '', already: true });
  return err(
    fault(
      'enrol.other-fleet',
      'conflict',
      `This node belongs to fleet ${fleet.slice(0, 12)} already; the token is for ${token.genesis.slice(0, 12)}.`,
      'Take the node out of its fleet first, and empty its data folder; or use another data folder.',
    ),
  );
}

function preparePending(options: JoinOptions, token: EnrolmentToken) {
  const { signKey, ageRecipient, tlsSpki } = options.identity;
  const request = createEnrolmentRequest({
    token,
    node: { name: options.name, signKey, ageRecipient, tlsSpki },
    nodeFacts: options.facts,
  });
  const kept = readPendingEnrolment(options.dataDir);
  if (kept?.admit === request.admit) return { enrolment: kept, resumed: true };
  const { genesis, expiresAt } = token;
  return { enrolment: { v: 1 as const, ...request, genesis, expiresAt }, resumed: false };
}

/** A post whose answer was lost may be repeated: the request is the same, byte for byte. */
async function postUntilHeard(
  options: JoinOptions,
  gate: CoreGate,
  pending: PendingEnrolment,
): Promise<{ result: Result<void>; repeated: boolean }> {
  let result = await gate.post(pending);
  let tries = 1;
  for (; tries < 5 && !result.ok && result.error.kind === 'transient'; tries++) {
    await options.pause(500 * 2 ** tries);
    result = await gate.post(pending);
  }
  return { result, repeated: tries > 1 };
}

async function waitUntilJoined(
  options: JoinOptions,
  token: EnrolmentToken,
  gate: CoreGate,
  pending: PendingEnrolment,
): Promise<Result<readonly Envelope[]>> {
  for (let failures = 0; ; ) {
    const answer = await gate.wait(pending.admit);
    if (options.signal.aborted) return err(stopped());
    if (answer.ok && answer.value.status === 'joined') return ok(answer.value.trust);
    if (answer.ok && answer.value.status === 'refused') return err(refused());
    if (!answer.ok && answer.error.kind !== 'transient') return answer;
    failures = answer.ok ? 0 : failures + 1;
    if (options.clock.nowMs() > Date.parse(token.expiresAt) + GRACE_MS) return err(nobodyCame(token));
    // A long poll that is answered at once must not become a busy loop.
    await options.pause(answer.ok ? 200 : Math.min(10_000, 500 * 2 ** failures));
  }
}

function falseLog(cause: Fault | null): Fault {
  return fault(
    'enrol.false-log',
    'denied',
    `The core's trust log does not begin with the genesis in the token${cause ? `: ${cause.message}` : ''}.`,
    'Do not go on with this core: it shows another fleet. Make a new token on your own device and compare.',
    cause ? { detail: { cause: cause.code } } : {},
  );
}

function notOurKeys(nodeId: string): Fault {
  return fault(
    'enrol.not-our-keys',
    'denied',
    `The fleet's log does not hold this node's keys (${nodeId}): another machine may have used the token first.`,
    'Look at `overseer nodes list` on a device; if a node stands there that you do not know, do not deploy to it. Then join with a new token.',
    { detail: { nodeId } },
  );
}

function refused(): Fault {
  return fault(
    'enrol.refused',
    'denied',
    "The owner's device refused this node: its proof did not fit the token.",
    'Make a new token with `overseer nodes token` and join with that.',
  );
}

function nobodyCame(token: EnrolmentToken): Fault {
  return fault(
    'enrol.token-expired',
    'denied',
    `No device accepted this node before the token ended at ${token.expiresAt}.`,
    'Keep `overseer nodes token` running on the device while the node joins, with a new token.',
    { field: 'expiresAt' },
  );
}

function stopped(): Fault {
  return fault('enrol.stopped', 'transient', 'Stopped while waiting.', 'Run the same command again: it goes on.');
}

import { type Enrolment, enrolmentSchema } from '#shared/contracts/rest/index.ts';
import { err, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import { type EnrolmentToken, type NodeIdentity, signTrustEntry, verifyEnrolmentRequest } from '#shared/trust/index.ts';
import { AWAY_MS, RECONNECT_MS, watchEvents } from '../connection/watch-events.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { pause } from '../ports/timers.ts';
import { levelTrust, type TokensByHash, tokensByHash } from './enrolment-tokens.ts';

/** Whether a node waits at the door with one of these tokens. */
export function isKnocking(enrolment: Enrolment, tokens: TokensByHash): boolean {
  return tokens.has(enrolment.admitHash) && enrolment.state === 'requested' && enrolment.request !== null;
}

/** Waits until a node comes with one of the tokens; undefined when the last of them has expired. */
export async function waitForNode(
  context: DeviceContext,
  fleet: Fleet,
  tokens: readonly EnrolmentToken[],
): Promise<Result<Enrolment | undefined>> {
  const byHash = await tokensByHash(tokens);
  return watchEvents<Enrolment>(fleet.client, {
    signal: context.signal,
    untilMs: Math.max(...tokens.map((token) => Date.parse(token.expiresAt))),
    clock: context.clock,
    timers: context.timers,
    read: async () => {
      const listed = await fleet.client.call('listEnrolments');
      return listed.ok ? ok(listed.value.enrolments.find((item) => isKnocking(item, byHash))) : listed;
    },
    take: (event) => {
      if (event.type !== 'enrolment') return undefined;
      const parsed = enrolmentSchema.safeParse(event.data);
      return parsed.success && isKnocking(parsed.data, byHash) ? parsed.data : undefined;
    },
  });
}

/**
 * Checks the proof of a node that waits, and signs it into the log; a false one is refused at the core too. Its name is
 * the one chosen with the token, made distinct where the fleet has it already.
 */
export async function admitNode(
  context: DeviceContext,
  fleet: Fleet,
  enrolment: Enrolment,
  tokens: readonly EnrolmentToken[],
): Promise<Result<NodeIdentity>> {
  const token = (await tokensByHash(tokens)).get(enrolment.admitHash);
  if (!token || enrolment.request === null || enrolment.mac === null) return err(badEnrolment());
  const node = await verifyEnrolmentRequest(token, enrolment.request, enrolment.mac);
  if (!node.ok) {
    await fleet.client.call('refuseEnrolment', {
      params: { id: enrolment.enrolment },
      body: { reason: node.error.message },
    });
    return node;
  }
  return signIn(context, fleet, enrolment.name === null ? node.value : { ...node.value, name: enrolment.name }, token);
}

/** Signs the node into the log; a core that is away for a moment is waited for, for the node waits as well. */
async function signIn(
  context: DeviceContext,
  fleet: Fleet,
  node: NodeIdentity,
  token: EnrolmentToken,
): Promise<Result<NodeIdentity>> {
  const sinceMs = context.clock.nowMs();
  let signed = await signInOnce(context, fleet, node);
  while (!signed.ok && signed.error.kind === 'transient' && !context.signal.aborted) {
    if (context.clock.nowMs() - sinceMs > AWAY_MS) return signed;
    await pause(context.timers, RECONNECT_MS, context.signal);
    const level = await levelTrust(fleet);
    if (!level.ok) signed = level;
    // The core may have taken the entry and died before it said so: it is not signed twice.
    else signed = alreadyIn(fleet, node) ?? (await signInOnce(context, fleet, node));
  }
  if (signed.ok) await fleet.store.dropToken(token.secret);
  return signed;
}

function alreadyIn(fleet: Fleet, node: NodeIdentity): Result<NodeIdentity> | undefined {
  const known = fleet.trust().nodes.get(node.nodeId);
  const same = known?.ageRecipient === node.ageRecipient && known.tlsSpki === node.tlsSpki;
  return same ? ok({ ...node, name: known.name }) : undefined;
}

async function signInOnce(context: DeviceContext, fleet: Fleet, node: NodeIdentity): Promise<Result<NodeIdentity>> {
  const known = [...fleet.trust().nodes.values()].find(({ name }) => name === node.name);
  const named = known ? { ...node, name: `${node.name.slice(0, 55)}-${node.nodeId.slice(0, 6)}` } : node;
  const entry = await signTrustEntry(fleet.trust(), { kind: 'add-node', node: named }, fleet.device.signer, {
    at: isoTime(context.clock),
    auditHead: fleet.heads().auditHead,
  });
  const sent = await fleet.client.call('extendTrust', { body: { entries: [entry] } });
  if (!sent.ok) return sent;
  const taken = await fleet.takeTrust([entry]);
  return taken.ok ? ok(named) : taken;
}

/** Waits for the first heartbeat of a node; false when none came in time. */
export async function waitForHeartbeat(
  context: DeviceContext,
  fleet: Fleet,
  nodeId: string,
  withinMs: number,
): Promise<Result<boolean>> {
  const online = await watchEvents<true>(fleet.client, {
    signal: context.signal,
    untilMs: context.clock.nowMs() + withinMs,
    clock: context.clock,
    timers: context.timers,
    read: async () => {
      const shown = await fleet.client.call('showNode', { params: { id: nodeId } });
      return ok(shown.ok && shown.value.status === 'online' ? true : undefined);
    },
    take: (event) =>
      event.type === 'node' && event.data.nodeId === nodeId && event.data.status === 'online' ? true : undefined,
  });
  return online.ok ? ok(online.value === true) : online;
}

function badEnrolment() {
  return fault(
    'enrol.bad-request',
    'permanent',
    'the core passed on an enrolment without its proof',
    'Check that core and CLI have neighbouring versions.',
  );
}

import type { StatementResponse } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, unwrap } from '#shared/kernel/index.ts';
import { type Envelope, openEnvelope, trustKeys } from '#shared/trust/index.ts';
import { type Act, type Actor, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { actorOf, type Caller, readEnvelopes } from './caller.ts';

/** What a statement leaves in the audit log. */
export const VOUCH_ACTION = 'node.vouch';

/** A device answers the question of a node that holds. The node judges the answer; this core only carries it. */
export function vouchForNode(core: Core, caller: Caller, nodeId: string, input: unknown): Promise<StatementResponse> {
  return passStatement(core, actorOf(caller), nodeId, readEnvelopes([input])[0] as Envelope);
}

/** Passes a statement on to the node that it is about, and writes down who vouched. */
export async function passStatement(
  core: Core,
  actor: Actor,
  nodeId: string,
  statement: Envelope,
): Promise<StatementResponse> {
  const act: Act = {
    actor,
    action: VOUCH_ACTION,
    subject: { node: nodeId },
    envelope: statement.signatures[0]?.keyid === actor.id ? statement : null,
  };
  const passed = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const state = core.trust.current();
    const opened = await openEnvelope(statement, { kind: 'statement', fleet: state.fleet, keys: trustKeys(state) });
    const { signer, payload } = unwrap(opened);
    if (signer !== actor.id || payload.node !== nodeId) throw new FaultError(foreign(nodeId));
    // HOLD-6: what an owner gave up must be found later.
    if (payload.goOn) act.subject.goesOn = 'yes';
    const node = core.nodes.connected(nodeId);
    const isAsked = node?.hold?.nonce === payload.nonce;
    if (!isAsked) act.subject.passed = 'no';
    return async () => isAsked;
  });
  if (passed) core.nodes.connected(nodeId)?.connection.send({ type: 'statement', envelope: statement as never });
  return { passed };
}

/** HOLD-3: every open question goes to all nodes that do not hold themselves; they answer what they know. */
export function askWitnesses(core: Core): void {
  const all = core.nodes.all();
  for (const { nodeId, hold } of all) {
    if (!hold?.nonce) continue;
    for (const other of all)
      if (other.nodeId !== nodeId && other.hold?.holding === false)
        other.connection.send({ type: 'vouch', node: nodeId, nonce: hold.nonce });
  }
}

function foreign(nodeId: string) {
  return fault(
    'hold.wrong-node',
    'denied',
    `The statement is not by its sender, or not about node ${nodeId}.`,
    'Sign one for the node that asks, and send it from where it was signed.',
    { field: 'statement' },
  );
}

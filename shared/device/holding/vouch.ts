import type { NodeView } from '#shared/contracts/rest/index.ts';
import { isoTime, ok, type Result } from '#shared/kernel/index.ts';
import { type Envelope, signEnvelope } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { levelTrust } from '../nodes/enrolment-tokens.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { nodeHead, witnessNode } from './node-heads.ts';

/** What vouching needs of a node: who it is, what it asks, and the newest entry of its chain that the core holds. */
export type AskingNode = Pick<NodeView, 'nodeId' | 'hold' | 'newestEntry'>;

/**
 * HOLD: remembers how far a node's chain goes, and answers the question of one that asks what is newest. Nobody has to
 * think of it: whatever looks at a node calls this. What can not be answered now is asked again by the node.
 */
export async function vouchFor(
  context: Pick<DeviceContext, 'clock' | 'tell'>,
  fleet: Fleet,
  node: AskingNode,
): Promise<Result<void>> {
  const alarm = await witnessNode(context, fleet, node.nodeId, node.newestEntry as Envelope | null);
  if (alarm) context.tell.note(`${alarm.message}. ${alarm.next}`, 'bad');
  await fleet.compareAudit();
  const nonce = node.hold?.nonce;
  if (!nonce) return ok();
  // HOLD-4: who lacks an entry of the log is refused.
  const level = await levelTrust(fleet);
  if (!level.ok) return level;
  const statement = await signStatement(context, fleet, { nodeId: node.nodeId, nonce });
  const sent = await fleet.client.call('vouchForNode', { params: { id: node.nodeId }, body: { statement } });
  return sent.ok ? ok() : sent;
}

/** What this device knows about a node, for one question of it; `goOn` is the head that an owner lets it go on from. */
export async function signStatement(
  { clock }: Pick<DeviceContext, 'clock'>,
  fleet: Fleet,
  about: { readonly nodeId: string; readonly nonce: string; readonly goOn?: string },
): Promise<Envelope> {
  const { nodeId, nonce, goOn } = about;
  const seen = await nodeHead(fleet, nodeId);
  return signEnvelope(
    'statement',
    {
      ...fleet.heads(),
      node: nodeId,
      nonce,
      trustHeads: fleet.trust().heads,
      nodeAuditHead: seen?.hash ?? null,
      nodeAuditSeq: seen?.seq ?? 0,
      time: isoTime(clock),
      ...(goOn === undefined ? {} : { goOn }),
    },
    fleet.device.signer,
  );
}

/** Looks at a node and vouches for it where it asks. That it can not be looked at now is for the caller's own request to say. */
export async function lookAfterNode(
  context: Pick<DeviceContext, 'clock' | 'tell'>,
  fleet: Fleet,
  nodeId: string,
): Promise<void> {
  const shown = await fleet.client.call('showNode', { params: { id: nodeId } });
  if (shown.ok) await vouchFor(context, fleet, shown.value);
}

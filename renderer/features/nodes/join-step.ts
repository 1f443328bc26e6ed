import type { Invitation, NodeRow } from '#shared/contracts/ipc/index.ts';

/** What the join wizard knows at one moment. */
export interface JoinQuestion {
  readonly invitation: Invitation | undefined;
  readonly nodes: readonly NodeRow[];
  /** Ids of the nodes that were there when the wizard began. */
  readonly before: ReadonlySet<string>;
  readonly nowMs: number;
}

/**
 * Where joining stands. `waiting`: nobody came yet · `checking`: a server came, this device checks its proof ·
 * `arriving`: it is in the trust log and has not called yet · `greeted`: it is online · `refused`, `expired`: over.
 */
export type JoinStep =
  | { readonly step: 'waiting' | 'checking' | 'refused' | 'expired' | 'gone' }
  | { readonly step: 'arriving' | 'greeted'; readonly node: NodeRow };

/** Decides where joining stands. A new node counts even where its invitation went already. */
export function decideJoinStep({ invitation, nodes, before, nowMs }: JoinQuestion): JoinStep {
  const joined = newNode(invitation, nodes, before);
  if (joined) return { step: joined.status === 'online' ? 'greeted' : 'arriving', node: joined };
  if (invitation === undefined) return { step: 'gone' };
  if (invitation.state === 'refused') return { step: 'refused' };
  if (invitation.state === 'requested' || invitation.state === 'joined') return { step: 'checking' };
  const isOver = invitation.state === 'expired' || Date.parse(invitation.expiresAt) <= nowMs;
  return { step: isOver ? 'expired' : 'waiting' };
}

/** The node that came by this invitation: a new one of its name, else, while nothing else is known, any new one. */
function newNode(
  invitation: Invitation | undefined,
  nodes: readonly NodeRow[],
  before: ReadonlySet<string>,
): NodeRow | undefined {
  // After a reload the node of a used invitation was there before.
  const fresh = invitation?.state === 'joined' ? nodes : nodes.filter((node) => !before.has(node.id));
  if (invitation?.name) return fresh.find((node) => node.name === invitation.name);
  return fresh[0];
}

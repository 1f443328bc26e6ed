import { emptyBase, type OwnerBase } from '#shared/trust/index.ts';
import type { NodeContext } from './node-context.ts';
import { storedBody } from './release-request.ts';

const UNREADABLE: OwnerBase = { kind: 'unreadable', exceptions: [] };

/**
 * REL-15: what an owner has let stand for an app on this node. A release from before operators could sign carries no
 * base of its own; it was an owner's, so its body is the base.
 */
export function ownerBase(context: Pick<NodeContext, 'store'>, appId: string): OwnerBase {
  const newest = context.store.releases.newest(appId);
  // HOLD-9: what is only remembered grants nothing.
  if ((context.store.releases.floor(appId).accepted?.number ?? 0) > (newest?.number ?? 0)) return UNREADABLE;
  if (newest === undefined) return emptyBase;
  if (newest.ownerBase !== null) return newest.ownerBase;
  const body = storedBody(context, newest);
  // What can not be read grants nothing, and nobody but an owner goes on from it.
  if (!body.ok) return UNREADABLE;
  return { kind: body.value.kind, exceptions: body.value.kind === 'app' ? body.value.exceptions : [] };
}

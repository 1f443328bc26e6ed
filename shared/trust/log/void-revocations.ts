import type { LogGraph } from './graph.ts';
import type { TrustView } from './view.ts';

/** An entry that revokes somebody who counts all the same. */
export interface VoidRevocation {
  readonly what: 'device' | 'person' | 'node';
  readonly id: string;
  readonly name: string;
  /** keyId of who signed it. */
  readonly by: string;
  /** The entry's hash. */
  readonly hash: string;
}

/**
 * LOG-27: revocations that count nothing, of who counts: their signer was revoked beside them. That is how an elder answers a
 * thief; but also what is left where a core kept a revocation from everybody until its signer was retired. No rule tells the
 * two apart, a person can.
 */
export function voidRevocations(view: TrustView, graph: LogGraph): readonly VoidRevocation[] {
  return view.voided.flatMap((hash): VoidRevocation[] => {
    const found = graph.get(hash);
    if (found === undefined) return [];
    const { entry, signer: by } = found;
    if (entry.kind === 'revoke-device') {
      const name = view.devices.get(entry.deviceId)?.name;
      return name === undefined ? [] : [{ what: 'device', id: entry.deviceId, name, by, hash }];
    }
    if (entry.kind === 'revoke-person') {
      const name = view.persons.get(entry.personId)?.name;
      return name === undefined ? [] : [{ what: 'person', id: entry.personId, name, by, hash }];
    }
    if (entry.kind !== 'revoke-node') return [];
    const name = view.nodes.get(entry.nodeId)?.name;
    return name === undefined ? [] : [{ what: 'node', id: entry.nodeId, name, by, hash }];
  });
}

/** Those that were not among `before`: what a person hears of when the log has grown. */
export function newVoidRevocations(
  before: TrustView & { readonly graph: LogGraph },
  after: TrustView & { readonly graph: LogGraph },
): readonly VoidRevocation[] {
  if (after.voided.length === 0) return [];
  const known = new Set(voidRevocations(before, before.graph).map(({ hash, id }) => `${hash} ${id}`));
  return voidRevocations(after, after.graph).filter(({ hash, id }) => !known.has(`${hash} ${id}`));
}

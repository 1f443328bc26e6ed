import type { Envelope } from '../envelopes/envelope.ts';
import type { CoreIdentity, NodeIdentity } from './entries.ts';
import { causalOrder, headOfHeads, headsOf, type LogGraph } from './graph.ts';
import { isOwnerDevice } from './permissions.ts';
import { reduceEntries, type TrustView } from './view.ts';

/** An immutable value: the log so far and what it adds up to. */
export interface TrustState extends TrustView {
  /** itemHash of the genesis; before it the pinned fleet, or ''. */
  readonly fleet: string;
  readonly heads: readonly string[];
  /** LOG-8 */
  readonly head: string;
  /** The one live core; null before genesis and while cores of one epoch stand against each other. */
  readonly core: CoreIdentity | null;
  /** Verified envelopes, parents first. */
  readonly entries: readonly Envelope[];
  /** Unverified envelopes that wait for a parent. */
  readonly pending: readonly Envelope[];
  readonly graph: LogGraph;
}

/** An empty log. `fleet` pins the genesis it will take: a node gives the hash that came in its token (ENR-5). */
export function createTrustState(fleet = ''): TrustState {
  return stateOf(fleet, new Map(), []);
}

/** The state of a verified graph. */
export function stateOf(fleet: string, graph: LogGraph, pending: readonly Envelope[]): TrustState {
  const order = causalOrder(graph);
  const view = reduceEntries(graph, order);
  const heads = headsOf(graph);
  return {
    ...view,
    fleet,
    heads,
    head: headOfHeads(heads),
    core: view.cores.length === 1 ? (view.cores[0] ?? null) : null,
    entries: order.map((entry) => entry.envelope),
    pending,
    graph,
  };
}

/** The `keys` of openEnvelope: public keys of the devices and nodes that stand in the log, or of one sort of them. */
export function trustKeys(
  state: TrustView,
  who: 'device' | 'node' | 'any' = 'any',
): (keyId: string) => string | undefined {
  return (keyId) =>
    (who === 'node' ? undefined : state.devices.get(keyId)?.signKey) ??
    (who === 'device' ? undefined : state.nodes.get(keyId)?.signKey);
}

/**
 * Also those that were revoked or never counted, and recovery keys: for what was signed while they counted, and for a
 * refusal that says why. Who opens an envelope with these must ask what its signer may, or whether the item lies within
 * the cut-off.
 */
export function everyTrustKey(
  state: TrustView,
  who: 'device' | 'node' | 'any' = 'any',
): (keyId: string) => string | undefined {
  const { device, node } = state.namedKeys;
  return (keyId) =>
    (who === 'node' ? undefined : (device.get(keyId) ?? state.recoveryKeys.get(keyId))) ??
    (who === 'device' ? undefined : node.get(keyId));
}

/** The node whose TLS key this is, or undefined when none or more than one claims it. */
export function nodeOfTlsKey(state: TrustView, tlsSpki: string): NodeIdentity | undefined {
  const found = [...state.nodes.values()].filter((node) => node.tlsSpki === tlsSpki);
  return found.length === 1 ? found[0] : undefined;
}

/** SEC-3: age recipients of an ownerCopy: every owner's device and always the recovery key. Sorted. */
export function ownerRecipients(state: TrustView): readonly string[] {
  const recipients = new Set<string>();
  if (state.recovery) recipients.add(state.recovery.ageRecipient);
  for (const device of state.devices.values())
    if (isOwnerDevice(state, device.deviceId)) recipients.add(device.ageRecipient);
  return [...recipients].sort();
}

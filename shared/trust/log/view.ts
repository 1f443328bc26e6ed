import { keyIdOf } from '../keys/key-id.ts';
import type { Cutoff } from './cutoff.ts';
import type {
  CoreIdentity,
  Device,
  GenesisEntry,
  Grant,
  NodeIdentity,
  Person,
  RecoveryKey,
  TrustEntry,
} from './entries.ts';
import { isAncestor, type LogEntry, type LogGraph } from './graph.ts';
import { standingOf } from './standing.ts';
import { applyThresholds, type Threshold } from './threshold.ts';
import { wordsOf } from './words.ts';

export interface EnrolledDevice extends Device {
  readonly personId: string;
}

/** LOG-19: a device that counted once. What its cut-offs name, and what lies below, stands. */
export interface RevokedDevice {
  readonly device: EnrolledDevice;
  readonly cutoffs: readonly Cutoff[];
  /** Hashes of the entries that revoke it. */
  readonly by: readonly string[];
}

/** Two concurrent entries that say different things about one id. Nothing decides between them but a later entry. */
export interface TrustClash {
  readonly what: 'person' | 'device' | 'node' | 'grant' | 'name' | 'recovery';
  readonly id: string;
  readonly entries: readonly string[];
}

/** Who and what counts after some set of entries. */
export interface TrustView {
  readonly genesis: GenesisEntry | null;
  readonly persons: ReadonlyMap<string, Person>;
  readonly devices: ReadonlyMap<string, EnrolledDevice>;
  readonly nodes: ReadonlyMap<string, NodeIdentity>;
  readonly revokedPersons: ReadonlyMap<string, Person>;
  readonly revokedDevices: ReadonlyMap<string, RevokedDevice>;
  readonly revokedNodes: ReadonlyMap<string, NodeIdentity>;
  /** Grants that were not taken back, by their id. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** LOG-7: the live cores of the highest epoch; more than one stands against each other. */
  readonly cores: readonly CoreIdentity[];
  readonly highestEpoch: number;
  readonly recovery: RecoveryKey | null;
  /** Every recovery key that there was, by its id. */
  readonly recoveryKeys: ReadonlyMap<string, string>;
  /** Every key that an entry names, whether it counts or not: revoked, clashing and void ones too. */
  readonly namedKeys: { readonly device: ReadonlyMap<string, string>; readonly node: ReadonlyMap<string, string> };
  /** LOG-12: an owner's desktop or CLI stands, or stood until it was revoked. */
  readonly hadFirmOwner: boolean;
  readonly clashes: readonly TrustClash[];
  /** LOG-24: how many owners' devices must let a further owner in; 1 unless the fleet asks for more. */
  readonly ownerThreshold: number;
  /** LOG-24: what waits for further owners to say the same. */
  readonly awaiting: readonly AwaitingOwners[];
  /** LOG-16: entries that are in the log and count nothing, sorted. */
  readonly voided: readonly string[];
}

/** LOG-24: a further owner that not enough owners have let in yet. */
export interface AwaitingOwners {
  readonly what: 'person' | 'device' | 'threshold';
  /** The entry to say again, as it stands. */
  readonly entry: TrustEntry;
  readonly hash: string;
  readonly have: number;
  readonly need: number;
}

type Claim =
  | { readonly what: 'person'; readonly id: string; readonly value: Person }
  | { readonly what: 'device'; readonly id: string; readonly value: EnrolledDevice }
  | { readonly what: 'node'; readonly id: string; readonly value: NodeIdentity }
  | { readonly what: 'grant'; readonly id: string; readonly value: Grant }
  | { readonly what: 'name'; readonly id: string; readonly value: string }
  | { readonly what: 'recovery'; readonly id: 'recovery'; readonly value: RecoveryKey }
  | { readonly what: 'core'; readonly id: 'core'; readonly value: CoreIdentity };

/** What an entry says about ids. */
function claimsOf({ entry }: LogEntry): readonly Claim[] {
  switch (entry.kind) {
    case 'genesis':
      return [
        { what: 'person', id: entry.person.personId, value: entry.person },
        {
          what: 'device',
          id: entry.device.deviceId,
          value: { ...entry.device, personId: entry.person.personId },
        },
        { what: 'recovery', id: 'recovery', value: entry.recovery },
        { what: 'core', id: 'core', value: entry.core },
      ];
    case 'add-person': {
      const { kind: _, ...person } = entry;
      return [{ what: 'person', id: entry.personId, value: person }];
    }
    case 'add-device':
      return [{ what: 'device', id: entry.device.deviceId, value: { ...entry.device, personId: entry.personId } }];
    case 'add-node':
      return [{ what: 'node', id: entry.node.nodeId, value: entry.node }];
    case 'grant': {
      const { kind: _, ...grant } = entry;
      return [{ what: 'grant', id: entry.grantId, value: grant }];
    }
    case 'rename':
      return [{ what: 'name', id: `${entry.what}:${entry.id}`, value: entry.name }];
    case 'recovery': {
      const { kind: _, ...recovery } = entry;
      return [{ what: 'recovery', id: 'recovery', value: recovery }];
    }
    case 'core': {
      const { kind: _, ...core } = entry;
      return [{ what: 'core', id: 'core', value: core }];
    }
    case 'revoke-device':
    case 'revoke-person':
    case 'revoke-node':
    case 'threshold':
      return [];
  }
}

interface Standing {
  readonly claim: Claim;
  readonly by: LogEntry;
}

/**
 * LOG-6, LOG-16: reduces entries (closed under ancestors, parents first) to what counts. The result depends on the set
 * and its ancestry only, never on the order of arrival and never on a hash.
 */
export function reduceEntries(graph: LogGraph, entries: readonly LogEntry[]): TrustView {
  const standing = standingOf(graph, entries);
  const thresholds = applyThresholds(
    graph,
    entries.filter((entry) => standing.has(entry.hash)),
  );
  const { counting } = thresholds;
  const isEnough = ({ by }: Standing): boolean => {
    const { have, need } = thresholds.votesOf(by);
    return have >= need;
  };
  const recoveryKeys = new Map<string, string>();
  const live = new Map<string, Standing[]>();
  let genesis: GenesisEntry | null = null;
  let highestEpoch = 0;
  for (const by of counting) {
    if (by.entry.kind === 'genesis') genesis = by.entry;
    for (const claim of claimsOf(by)) {
      if (claim.what === 'recovery') recoveryKeys.set(keyIdOf(claim.value.signKey), claim.value.signKey);
      if (claim.what === 'core') highestEpoch = Math.max(highestEpoch, claim.value.epoch);
      const key = `${claim.what}:${claim.id}`;
      const before = (live.get(key) ?? []).filter((other) => !isAncestor(graph, other.by.hash, by));
      live.set(key, [...before, { claim, by }]);
    }
  }

  const persons = new Map<string, Person>();
  const devices = new Map<string, EnrolledDevice>();
  const nodes = new Map<string, NodeIdentity>();
  const grants = new Map<string, Grant>();
  const names = new Map<string, string>();
  const clashes: TrustClash[] = [];
  let cores: CoreIdentity[] = [];
  let recovery: RecoveryKey | null = null;
  for (const all of live.values()) {
    const list = preferRecovery(all.filter(isEnough), recoveryKeys);
    const claims = distinct(list.map((item) => item.claim));
    const first = claims[0];
    if (!first) continue;
    if (first.what === 'core') {
      const values = claims.map((claim) => claim.value as CoreIdentity);
      const epoch = Math.max(...values.map((core) => core.epoch));
      cores = values.filter((core) => core.epoch === epoch);
    } else if (claims.length > 1)
      clashes.push({ what: first.what, id: first.id, entries: list.map((item) => item.by.hash) });
    else if (first.what === 'person') persons.set(first.id, first.value);
    else if (first.what === 'device') devices.set(first.id, first.value);
    else if (first.what === 'grant') grants.set(first.id, first.value);
    else if (first.what === 'name') names.set(first.id, first.value);
    else if (first.what === 'recovery') recovery = first.value;
    else nodes.set(first.id, first.value);
  }
  for (const [id, person] of persons) persons.set(id, { ...person, name: names.get(`person:${id}`) ?? person.name });
  for (const [id, device] of devices) devices.set(id, { ...device, name: names.get(`device:${id}`) ?? device.name });
  for (const [id, node] of nodes) nodes.set(id, { ...node, name: names.get(`node:${id}`) ?? node.name });
  for (const [id, grant] of grants) if (grant.role === null) grants.delete(id);
  const hadFirmOwner = [...devices.values()].some(
    (device) => isFirmKind(device.kind) && persons.get(device.personId)?.role === 'owner',
  );
  return {
    genesis,
    persons,
    devices,
    nodes,
    ...takeRevoked(graph, counting, { persons, devices, nodes }),
    grants,
    cores,
    highestEpoch,
    recovery,
    recoveryKeys,
    namedKeys: readNamedKeys(entries),
    hadFirmOwner,
    clashes,
    ownerThreshold: thresholds.owners,
    awaiting: awaitingOf(thresholds),
    voided: entries
      .filter((entry) => !standing.has(entry.hash))
      .map((entry) => entry.hash)
      .sort(),
  };
}

function readNamedKeys(entries: readonly LogEntry[]): TrustView['namedKeys'] {
  const device = new Map<string, string>();
  const node = new Map<string, string>();
  for (const { entry } of entries) {
    if (entry.kind === 'genesis' || entry.kind === 'add-device')
      device.set(entry.device.deviceId, entry.device.signKey);
    if (entry.kind === 'add-node') node.set(entry.node.nodeId, entry.node.signKey);
  }
  return { device, node };
}

/** LOG-12: the kinds whose code does not come from the core and that act for a person. */
export function isFirmKind(kind: Device['kind']): boolean {
  return kind === 'desktop' || kind === 'cli';
}

/** LOG-24: each waiting word once, by its last entry. */
function awaitingOf({ counting, votesOf }: Threshold): readonly AwaitingOwners[] {
  const waiting = new Map<string, AwaitingOwners>();
  for (const by of counting) {
    const { entry, hash } = by;
    if (entry.kind !== 'add-person' && entry.kind !== 'add-device' && entry.kind !== 'threshold') continue;
    const { have, need } = votesOf(by);
    if (have >= need) continue;
    const what = entry.kind === 'threshold' ? 'threshold' : entry.kind === 'add-person' ? 'person' : 'device';
    waiting.set(wordsOf(entry), { what, entry, hash, have, need });
  }
  return [...waiting.values()];
}

/** LOG-18: of concurrent claims about one id those that recovery signed stand alone. */
function preferRecovery(list: readonly Standing[], recoveryKeys: ReadonlyMap<string, string>): readonly Standing[] {
  const signed = list.filter(({ by }) => recoveryKeys.has(by.signer));
  return signed.length > 0 ? signed : list;
}

/** LOG-16, LOG-19: moves what was revoked from those that count to those that counted once. */
function takeRevoked(
  graph: LogGraph,
  counting: readonly LogEntry[],
  live: { persons: Map<string, Person>; devices: Map<string, EnrolledDevice>; nodes: Map<string, NodeIdentity> },
): Pick<TrustView, 'revokedPersons' | 'revokedDevices' | 'revokedNodes'> {
  const revokedPersons = new Map<string, Person>();
  const revokedDevices = new Map<string, RevokedDevice>();
  const revokedNodes = new Map<string, NodeIdentity>();
  const ofDevice = new Map<string, Revocation[]>();
  const ofPerson = new Map<string, Revocation[]>();
  for (const by of counting) {
    const { entry } = by;
    if (entry.kind === 'revoke-node') {
      const node = live.nodes.get(entry.nodeId);
      if (node) revokedNodes.set(entry.nodeId, node);
      live.nodes.delete(entry.nodeId);
    } else if (entry.kind === 'revoke-device') addRevocation(graph, ofDevice, entry.deviceId, { entry, by });
    else if (entry.kind === 'revoke-person') addRevocation(graph, ofPerson, entry.personId, { entry, by });
  }
  for (const personId of ofPerson.keys()) {
    const person = live.persons.get(personId);
    if (person) revokedPersons.set(personId, person);
    live.persons.delete(personId);
  }
  for (const [deviceId, device] of live.devices) {
    const revocations = [...(ofDevice.get(deviceId) ?? []), ...(ofPerson.get(device.personId) ?? [])];
    if (revocations.length === 0) continue;
    live.devices.delete(deviceId);
    revokedDevices.set(deviceId, {
      device,
      cutoffs: revocations.map(({ entry }) => entry.cutoff),
      by: revocations.map(({ by }) => by.hash),
    });
  }
  return { revokedPersons, revokedDevices, revokedNodes };
}

interface Revocation {
  readonly entry: { readonly cutoff: Cutoff; readonly besides?: readonly string[] | undefined };
  readonly by: LogEntry;
}

/** LOG-19: a later revocation of one key replaces the cut-offs of those below it, but for the ones it stands beside. */
function addRevocation(graph: LogGraph, map: Map<string, Revocation[]>, id: string, one: Revocation): void {
  const kept = (map.get(id) ?? []).filter(
    ({ by }) => one.entry.besides?.includes(by.hash) || !isAncestor(graph, by.hash, one.by),
  );
  map.set(id, [...kept, one]);
}

/** The same words twice are one claim: two devices that did the same thing do not clash. */
function distinct(claims: readonly Claim[]): readonly Claim[] {
  if (claims.length < 2) return claims;
  const seen = new Map<string, Claim>();
  for (const claim of claims) {
    const words = wordsOf(claim.value);
    if (!seen.has(words)) seen.set(words, claim);
  }
  return [...seen.values()];
}

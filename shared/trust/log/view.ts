import type { CoreIdentity, Device, GenesisEntry, NodeIdentity, Person, RecoveryKey } from './entries.ts';
import { isAncestor, type LogEntry, type LogGraph } from './graph.ts';

export interface EnrolledDevice extends Device {
  readonly personId: string;
}

/** Two concurrent entries that say different things about one id. Nothing decides between them but a later entry. */
export interface TrustClash {
  readonly what: 'person' | 'device' | 'node';
  readonly id: string;
  readonly entries: readonly string[];
}

/** Who and what counts after some set of entries. */
export interface TrustView {
  readonly genesis: GenesisEntry | null;
  readonly persons: ReadonlyMap<string, Person>;
  readonly devices: ReadonlyMap<string, EnrolledDevice>;
  readonly nodes: ReadonlyMap<string, NodeIdentity>;
  /** LOG-7: the live cores of the highest epoch; more than one stands against each other. */
  readonly cores: readonly CoreIdentity[];
  readonly highestEpoch: number;
  readonly recovery: RecoveryKey | null;
  readonly clashes: readonly TrustClash[];
}

type Claim =
  | { readonly what: 'person'; readonly id: string; readonly value: Person }
  | { readonly what: 'device'; readonly id: string; readonly value: EnrolledDevice }
  | { readonly what: 'node'; readonly id: string; readonly value: NodeIdentity }
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
    case 'core': {
      const { kind: _, ...core } = entry;
      return [{ what: 'core', id: 'core', value: core }];
    }
  }
}

/**
 * LOG-6: reduces entries (parents first) to what counts. The result depends on the set and its ancestry only, never on
 * the order of arrival and never on a hash.
 */
export function reduceEntries(graph: LogGraph, entries: Iterable<LogEntry>): TrustView {
  const live = new Map<string, { claim: Claim; by: LogEntry }[]>();
  let genesis: GenesisEntry | null = null;
  let highestEpoch = 0;
  for (const by of entries) {
    if (by.entry.kind === 'genesis') genesis = by.entry;
    for (const claim of claimsOf(by)) {
      if (claim.what === 'core') highestEpoch = Math.max(highestEpoch, claim.value.epoch);
      const key = `${claim.what}:${claim.id}`;
      const standing = (live.get(key) ?? []).filter((other) => !isAncestor(graph, other.by.hash, by));
      live.set(key, [...standing, { claim, by }]);
    }
  }

  const persons = new Map<string, Person>();
  const devices = new Map<string, EnrolledDevice>();
  const nodes = new Map<string, NodeIdentity>();
  const clashes: TrustClash[] = [];
  let cores: CoreIdentity[] = [];
  for (const standing of live.values()) {
    const claims = distinct(standing.map((item) => item.claim));
    const first = claims[0];
    if (!first) continue;
    if (first.what === 'core') {
      const values = claims.map((claim) => claim.value as CoreIdentity);
      const epoch = Math.max(...values.map((core) => core.epoch));
      cores = values.filter((core) => core.epoch === epoch);
    } else if (claims.length > 1)
      clashes.push({ what: first.what, id: first.id, entries: standing.map((item) => item.by.hash) });
    else if (first.what === 'person') persons.set(first.id, first.value);
    else if (first.what === 'device') devices.set(first.id, first.value);
    else nodes.set(first.id, first.value);
  }
  return {
    genesis,
    persons,
    devices,
    nodes,
    cores,
    highestEpoch,
    recovery: genesis?.recovery ?? null,
    clashes,
  };
}

/** The same words twice are one claim: two devices that did the same thing do not clash. */
function distinct(claims: readonly Claim[]): Claim[] {
  const seen = new Map<string, Claim>();
  for (const claim of claims) {
    const words = sortedJson(claim.value);
    if (!seen.has(words)) seen.set(words, claim);
  }
  return [...seen.values()];
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

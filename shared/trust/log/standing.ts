import { keyIdOf } from '../keys/key-id.ts';
import { connectedParts } from './cycles.ts';
import { isUnder, type LogEntry, type LogGraph } from './graph.ts';
import { wordsOf } from './words.ts';

/** A place in the log where a key was let in, with those that made its person an owner before. */
interface Admission {
  readonly by: LogEntry;
  readonly persons: readonly LogEntry[];
}

/**
 * LOG-15..LOG-18, the fork rules: which of these entries (closed under ancestors, parents first) count. Every entry was
 * right where it was made; a revocation beside it can take it away, with all that rests on it. The answer depends on the
 * set and its ancestry only: no order of arrival, no hash and no time decides.
 */
export function standingOf(graph: LogGraph, entries: readonly LogEntry[]): ReadonlySet<string> {
  const voiders = entries.filter(({ entry }) => isVoider(entry.kind));
  if (voiders.length === 0) return new Set(entries.map((entry) => entry.hash));

  const rests = readGrounds(graph, entries);
  const hits = readHits(graph, entries, voiders);
  const edges = new Map<LogEntry, LogEntry[]>();
  for (const entry of entries) for (const ground of rests.groundsOf(entry)) add(edges, ground, entry);
  for (const [voider, hit] of hits) for (const entry of hit) add(edges, voider, entry);

  // LOG-17: where revocations run in a circle, only those by elder keys void; then no circle is left.
  const part = connectedParts(entries, (entry) => edges.get(entry) ?? []);
  const voidedBy = new Map<LogEntry, LogEntry[]>();
  for (const [voider, hit] of hits)
    for (const entry of hit) {
      if (part.get(voider) === part.get(entry) && !rests.isElder(voider, entry)) continue;
      add(voidedBy, entry, voider);
    }
  return settle(entries, rests, voidedBy);
}

/** Decides each entry after everything that it depends on. */
function settle(
  entries: readonly LogEntry[],
  rests: Grounds,
  voidedBy: ReadonlyMap<LogEntry, readonly LogEntry[]>,
): ReadonlySet<string> {
  const waitsFor = new Map<LogEntry, number>();
  const leadsTo = new Map<LogEntry, LogEntry[]>();
  for (const entry of entries) {
    const needs = new Set([...rests.groundsOf(entry), ...(voidedBy.get(entry) ?? [])]);
    waitsFor.set(entry, needs.size);
    for (const need of needs) add(leadsTo, need, entry);
  }
  const standing = new Set<string>();
  const stands = (entry: LogEntry): boolean => standing.has(entry.hash);
  const ready = entries.filter((entry) => waitsFor.get(entry) === 0);
  for (let entry = ready.pop(); entry; entry = ready.pop()) {
    if (!voidedBy.get(entry)?.some(stands) && rests.hasGround(entry, stands)) standing.add(entry.hash);
    for (const next of leadsTo.get(entry) ?? []) {
      const left = (waitsFor.get(next) ?? 0) - 1;
      waitsFor.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return standing;
}

function add<K>(map: Map<K, LogEntry[]>, key: K, entry: LogEntry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}

function isVoider(kind: string): boolean {
  return kind === 'revoke-device' || kind === 'revoke-person' || kind === 'recovery';
}

/**
 * LOG-16: a voider takes every entry of the key it ends that does not lie below it. It never takes itself. LOG-18: what the
 * recovery key signed goes by `recovery` only, else a thief would let the next key in as a device, to revoke it.
 */
function readHits(
  graph: LogGraph,
  entries: readonly LogEntry[],
  voiders: readonly LogEntry[],
): ReadonlyMap<LogEntry, readonly LogEntry[]> {
  const bySigner = new Map<string, LogEntry[]>();
  const devicesOf = new Map<string, Set<string>>();
  const recoveryKeys = new Set<string>();
  for (const entry of entries) {
    add(bySigner, entry.signer, entry);
    const { entry: what } = entry;
    if (what.kind === 'genesis') recoveryKeys.add(keyIdOf(what.recovery.signKey));
    if (what.kind === 'recovery') recoveryKeys.add(keyIdOf(what.signKey));
    if (what.kind !== 'genesis' && what.kind !== 'add-device') continue;
    const personId = what.kind === 'genesis' ? what.person.personId : what.personId;
    devicesOf.set(personId, (devicesOf.get(personId) ?? new Set()).add(what.device.deviceId));
  }
  const endedBy = ({ entry, signer }: LogEntry): Iterable<string> => {
    if (entry.kind === 'revoke-device') return [entry.deviceId];
    if (entry.kind === 'revoke-person') return devicesOf.get(entry.personId) ?? [];
    return [signer];
  };
  const hits = new Map<LogEntry, LogEntry[]>();
  for (const voider of voiders) {
    const hit = [...endedBy(voider)]
      .filter((keyId) => voider.entry.kind === 'recovery' || !recoveryKeys.has(keyId))
      .flatMap((keyId) => bySigner.get(keyId) ?? [])
      .filter((entry) => entry !== voider && !isUnder(graph, entry, voider));
    hits.set(voider, hit);
  }
  return hits;
}

interface Grounds {
  /** The entries by which the signer of this one was allowed to sign it, and those that could take that away. */
  groundsOf(entry: LogEntry): readonly LogEntry[];
  /** LOG-15: whether one of those ways still holds. LOG-18: a `recovery` beside another standing one gives none. */
  hasGround(entry: LogEntry, stands: (entry: LogEntry) => boolean): boolean;
  /**
   * LOG-17: whether the signer of `one` was let in before the signer of `other` was: every time that the log lets `one` in
   * lies below one time that it lets `other` in. Recovery is older than every device.
   */
  isElder(one: LogEntry, other: LogEntry): boolean;
}

function readGrounds(graph: LogGraph, entries: readonly LogEntry[]): Grounds {
  const admissions = new Map<string, Admission[]>();
  const owners = new Map<string, LogEntry[]>();
  const recoveries = new Map<string, LogEntry[]>();
  const renewals: LogEntry[] = [];
  for (const entry of entries) {
    const { entry: what } = entry;
    if (what.kind === 'genesis') {
      admissions.set(what.device.deviceId, [{ by: entry, persons: [entry] }]);
      add(owners, what.person.personId, entry);
      add(recoveries, keyIdOf(what.recovery.signKey), entry);
    } else if (what.kind === 'add-person' && what.role === 'owner') add(owners, what.personId, entry);
    else if (what.kind === 'recovery') {
      add(recoveries, keyIdOf(what.signKey), entry);
      renewals.push(entry);
    } else if (what.kind === 'add-device') {
      const persons = (owners.get(what.personId) ?? []).filter((person) => isUnder(graph, person, entry));
      const known = admissions.get(what.device.deviceId) ?? [];
      known.push({ by: entry, persons });
      admissions.set(what.device.deviceId, known);
    }
  }
  const admissionsOf = once((entry: LogEntry): readonly Admission[] =>
    (admissions.get(entry.signer) ?? []).filter(({ by }) => isUnder(graph, by, entry)),
  );
  const recoveriesOf = once((entry: LogEntry): readonly LogEntry[] =>
    (recoveries.get(entry.signer) ?? []).filter((item) => isUnder(graph, item, entry)),
  );
  const rivalsOf = once((one: LogEntry): readonly LogEntry[] => {
    if (one.entry.kind !== 'recovery') return [];
    const words = wordsOf(one.entry);
    return renewals.filter(
      (other) =>
        other !== one && !isUnder(graph, other, one) && !isUnder(graph, one, other) && wordsOf(other.entry) !== words,
    );
  });
  const groundsOf = once((entry: LogEntry): readonly LogEntry[] => {
    const ways = admissionsOf(entry).flatMap(({ by, persons }) => [by, ...persons]);
    const words = recoveriesOf(entry).flatMap((recovery) => [recovery, ...rivalsOf(recovery)]);
    return [...new Set([...ways, ...words])];
  });
  return {
    groundsOf,
    hasGround(entry, stands) {
      if (entry.entry.kind === 'genesis') return true;
      if (recoveriesOf(entry).some((recovery) => stands(recovery) && !rivalsOf(recovery).some(stands))) return true;
      return admissionsOf(entry).some(({ by, persons }) => stands(by) && persons.some(stands));
    },
    isElder(one, other) {
      if (recoveries.has(other.signer)) return false;
      if (recoveries.has(one.signer)) return true;
      const mine = admissionsOf(one);
      return admissionsOf(other).some(({ by }) => mine.every((earlier) => isUnder(graph, earlier.by, by)));
    },
  };
}

/** Asked again and again about the same entries of one log. */
function once<T>(find: (entry: LogEntry) => T): (entry: LogEntry) => T {
  const found = new Map<LogEntry, T>();
  return (entry) => {
    if (found.has(entry)) return found.get(entry) as T;
    const value = find(entry);
    found.set(entry, value);
    return value;
  };
}

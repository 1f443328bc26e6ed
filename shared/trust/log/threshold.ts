import { keyIdOf } from '../keys/key-id.ts';
import { isAncestor, type LogEntry, type LogGraph } from './graph.ts';
import { wordsOf } from './words.ts';

/** How many owners' devices say the same, and how many must. */
export interface Votes {
  readonly have: number;
  readonly need: number;
}

/** LOG-24: which entries count in a fleet that asks for several owners, and how far the others are. */
export interface Threshold {
  /** Standing entries whose signer was let in by enough owners where he signed. */
  readonly counting: readonly LogEntry[];
  /** Of any entry; one that needs no second owner has one of one. */
  votesOf(entry: LogEntry): Votes;
  /** The number that holds for what is signed now. */
  readonly owners: number;
}

const ALONE: Votes = { have: 1, need: 1 };

/**
 * LOG-24: applies the thresholds of a log to entries that stand (closed under ancestors, parents first). Without one,
 * which is the rule, everything counts as it is.
 */
export function applyThresholds(graph: LogGraph, standing: readonly LogEntry[]): Threshold {
  if (!standing.some(({ entry }) => entry.kind === 'threshold'))
    return { counting: standing, votesOf: () => ALONE, owners: 1 };
  const { recovery, owners } = readOwners(standing);
  const below = (one: LogEntry, other: LogEntry) => isAncestor(graph, one.hash, other);
  const ballots = new Map(standing.map((entry) => [entry, ballotOf(entry, owners)]));

  const votesAmong = (entry: LogEntry, among: readonly LogEntry[]): Votes => {
    const ballot = ballots.get(entry);
    if (ballot === undefined) return ALONE;
    const same = among.filter((other) => ballots.get(other) === ballot);
    const need = neededAmong(entry, among);
    // The recovery words speak for every owner.
    const bySigner = new Set(same.map(({ signer }) => signer));
    return { have: [...bySigner].some((signer) => recovery.has(signer)) ? need : bySigner.size, need };
  };
  const isEnough = (entry: LogEntry, among: readonly LogEntry[]): boolean => {
    const { have, need } = votesAmong(entry, among);
    return have >= need;
  };
  /**
   * The highest number that holds for an entry: of the thresholds below it, and of those beside it too, else a thief
   * would sign on a place before them. A threshold itself is changed by the rules of the ones below it.
   */
  const neededAmong = (entry: LogEntry, among: readonly LogEntry[]): number => {
    const isOne = entry.entry.kind === 'threshold';
    const others = among.filter(
      (other) =>
        other.entry.kind === 'threshold' && other !== entry && (isOne ? below(other, entry) : !below(entry, other)),
    );
    const holds = others.filter((other) => isEnough(other, others.concat(other)));
    return highest(holds.filter((one) => !holds.some((other) => below(one, other) && below(other, entry))));
  };

  const isLetIn = (entry: LogEntry, among: readonly LogEntry[]): boolean => {
    const ways = among.filter(
      (other) =>
        other.entry.kind === 'add-device' && other.entry.device.deviceId === entry.signer && below(other, entry),
    );
    const isFirst = recovery.has(entry.signer) || entry.signer === standing[0]?.signer;
    return isFirst || ways.some((way) => isEnough(way, among));
  };
  // Who was not let in by enough signs nothing, lets nobody in and is nobody's vote: until nothing more falls away.
  let counting = standing;
  for (let before = 0; before !== counting.length; ) {
    before = counting.length;
    const among = counting;
    counting = among.filter((entry) => isLetIn(entry, among));
  }
  const holds = counting.filter((entry) => entry.entry.kind === 'threshold' && isEnough(entry, counting));
  return {
    counting,
    votesOf: (entry) => votesAmong(entry, counting),
    owners: highest(holds.filter((one) => !holds.some((other) => below(one, other)))),
  };
}

function highest(thresholds: readonly LogEntry[]): number {
  return Math.max(1, ...thresholds.map(({ entry }) => (entry.kind === 'threshold' ? entry.owners : 1)));
}

function readOwners(entries: readonly LogEntry[]) {
  const recovery = new Set<string>();
  const owners = new Set<string>();
  for (const { entry } of entries) {
    if (entry.kind === 'genesis') {
      recovery.add(keyIdOf(entry.recovery.signKey));
      owners.add(entry.person.personId);
    } else if (entry.kind === 'recovery') recovery.add(keyIdOf(entry.signKey));
    else if (entry.kind === 'add-person' && entry.role === 'owner') owners.add(entry.personId);
  }
  return { recovery, owners };
}

/** What an entry says where several owners must say the same; undefined where one is enough. */
function ballotOf({ entry }: LogEntry, owners: ReadonlySet<string>): string | undefined {
  if (entry.kind === 'threshold') return `threshold:${entry.owners}`;
  if (entry.kind === 'add-person') return entry.role === 'owner' ? `person:${wordsOf(entry)}` : undefined;
  if (entry.kind !== 'add-device' || !owners.has(entry.personId)) return undefined;
  return entry.device.kind === 'desktop' || entry.device.kind === 'cli' ? `device:${wordsOf(entry)}` : undefined;
}

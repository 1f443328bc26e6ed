import { keyIdOf } from '../keys/key-id.ts';
import { isUnder, type LogEntry, type LogGraph } from './graph.ts';
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

/** Rounds until it is plain who is let in and which thresholds hold; a log that was made to need more gets the strict end. */
const MAX_ROUNDS = 8;

/**
 * LOG-24: applies the thresholds of a log to entries that stand (closed under ancestors, parents first). Without one,
 * which is the rule, everything counts as it is.
 */
export function applyThresholds(graph: LogGraph, standing: readonly LogEntry[]): Threshold {
  if (!standing.some(({ entry }) => entry.kind === 'threshold'))
    return { counting: standing, votesOf: () => ALONE, owners: 1 };
  const rules = readRules(graph, standing);
  // Who is let in depends on the thresholds that hold, and those on who is let in. It begins with the strictest reading,
  // so that a threshold by keys which are not let in takes nobody away for good.
  let counting = rules.letIn(rules.holding(standing));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const wider = rules.letIn(rules.holding(counting));
    const next = rules.letIn(rules.holding(wider));
    const isPlain = next.length === counting.length && wider.length === counting.length;
    counting = next;
    if (isPlain) break;
  }
  const holds = rules.holding(counting);
  const counts = new Set(counting);
  return {
    counting,
    votesOf: (entry) => rules.votesOf(entry, counts, holds),
    owners: highest(rules.newest(holds, () => true)),
  };
}

/** Thresholds that hold, parents first. */
type Holding = readonly LogEntry[];

function readRules(graph: LogGraph, standing: readonly LogEntry[]) {
  const { recovery, owners } = readOwners(standing);
  const below = (one: LogEntry, other: LogEntry): boolean => isUnder(graph, one, other);
  const ballots = new Map<LogEntry, readonly LogEntry[]>();
  const waysOf = new Map<string, LogEntry[]>();
  const sameWords = new Map<string, LogEntry[]>();
  for (const entry of standing) {
    if (entry.entry.kind === 'add-device') push(waysOf, entry.entry.device.deviceId, entry);
    const words = ballotOf(entry, owners);
    if (words !== undefined) ballots.set(entry, push(sameWords, words, entry));
  }

  /** Of the thresholds below something those that no other one there replaces. */
  const newest = (holds: Holding, isBelow: (one: LogEntry) => boolean): Holding => {
    const found: LogEntry[] = [];
    for (const one of holds.toReversed())
      if (isBelow(one) && !found.some((later) => below(one, later))) found.push(one);
    return found;
  };
  /**
   * The highest number that holds for an entry: of the thresholds below it, and of those beside it too, else a thief
   * would sign on a place before them. A threshold itself is changed by the rules of the ones below it, and by as many
   * as it asks for: one key alone would bind all others.
   */
  const neededBy = (entry: LogEntry, holds: Holding, under: Holding): number => {
    if (entry.entry.kind === 'threshold') return Math.max(entry.entry.owners, highest(under));
    const beside = holds.filter((one) => !below(one, entry) && !below(entry, one));
    return Math.max(highest(under), highest(beside));
  };
  const votesOf = (entry: LogEntry, counts: ReadonlySet<LogEntry>, holds: Holding): Votes => {
    const same = ballots.get(entry);
    if (same === undefined) return ALONE;
    const under = newest(holds, (one) => below(one, entry));
    const need = neededBy(entry, holds, under);
    // What owners said of a number before a threshold that held since says nothing of that number now.
    const isSpent = (vote: LogEntry) => vote.entry.kind === 'threshold' && under.some((one) => below(vote, one));
    const signers = new Set<string>();
    for (const vote of same) if (counts.has(vote) && !isSpent(vote)) signers.add(vote.signer);
    // The recovery words speak for every owner.
    return { have: [...signers].some((signer) => recovery.has(signer)) ? need : signers.size, need };
  };

  return {
    newest,
    votesOf,
    /** The thresholds among entries (parents first) that enough of them have signed. */
    holding(among: readonly LogEntry[]): Holding {
      const counts = new Set(among);
      const holds: LogEntry[] = [];
      for (const entry of among) {
        if (entry.entry.kind !== 'threshold') continue;
        const { have, need } = votesOf(entry, counts, holds);
        if (have >= need) holds.push(entry);
      }
      return holds;
    },
    /**
     * The entries whose signers are let in under these thresholds. It grows from those who need nobody: keys that let in each
     * other are no owners.
     */
    letIn(holds: Holding): readonly LogEntry[] {
      const counts = new Set<LogEntry>();
      for (let before = -1; before !== counts.size; ) {
        before = counts.size;
        // Asked once a round: a hostile log may name one device a thousand times.
        const known = new Map<LogEntry, boolean>();
        const isEnough = (way: LogEntry): boolean => {
          const answered = known.get(way);
          if (answered !== undefined) return answered;
          const { have, need } = votesOf(way, counts, holds);
          known.set(way, have >= need);
          return have >= need;
        };
        for (const entry of standing) {
          if (counts.has(entry)) continue;
          const isFirst = recovery.has(entry.signer) || entry.signer === standing[0]?.signer;
          const ways = waysOf.get(entry.signer) ?? [];
          if (isFirst || ways.some((way) => counts.has(way) && below(way, entry) && isEnough(way))) counts.add(entry);
        }
      }
      return standing.filter((entry) => counts.has(entry));
    },
  };
}

function push(map: Map<string, LogEntry[]>, key: string, entry: LogEntry): readonly LogEntry[] {
  const list = map.get(key) ?? [];
  list.push(entry);
  map.set(key, list);
  return list;
}

function highest(thresholds: Holding): number {
  return thresholds.reduce((most, { entry }) => Math.max(most, entry.kind === 'threshold' ? entry.owners : 1), 1);
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

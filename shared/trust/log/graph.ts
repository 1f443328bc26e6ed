import { sha256Hex, utf8 } from '#shared/kernel/index.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import type { TrustEntry, TrustPayload } from './entries.ts';

/** One verified entry. Names and parents are itemHashes. */
export interface LogEntry {
  readonly hash: string;
  readonly parents: readonly string[];
  /** keyId */
  readonly signer: string;
  readonly payload: TrustPayload;
  readonly entry: TrustEntry;
  readonly envelope: Envelope;
}

export type LogGraph = ReadonlyMap<string, LogEntry>;

/** All ancestors of `from`, with `from` itself. */
export function closureOf(graph: LogGraph, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>(from);
  const open = [...seen];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    for (const parent of graph.get(hash)?.parents ?? []) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      open.push(parent);
    }
  }
  return seen;
}

/**
 * Where an entry stands among its ancestors. The log is cut into chains, in each of which every entry builds on the one
 * before it: all that lies below an entry is then one position per chain, not a set of its own. A log of thousands of
 * entries would hold millions of them.
 */
interface Place {
  readonly chain: Chain;
  readonly at: number;
  /** Of every other chain that reaches below this entry, the highest position. */
  readonly others: ReadonlyMap<Chain, number>;
}

/** `last` is the position that the next entry of this chain builds on. */
interface Chain {
  last: number;
}

/** What lies below an entry is named by its hash and never changes, so it is found once. */
const places = new WeakMap<LogEntry, Place>();

/** True when `one` lies strictly below `other`; both are of this graph. */
export function isUnder(graph: LogGraph, one: LogEntry, other: LogEntry): boolean {
  const [low, high] = [placeOf(graph, one), placeOf(graph, other)];
  return low.chain === high.chain ? low.at < high.at : (high.others.get(low.chain) ?? -1) >= low.at;
}

/** The same by hash; an entry that is not in the graph lies below nothing. */
export function isAncestor(graph: LogGraph, ancestor: string, entry: LogEntry): boolean {
  const one = graph.get(ancestor);
  return one !== undefined && isUnder(graph, one, entry);
}

/** Walks with a stack of its own: a log may be deep. */
function placeOf(graph: LogGraph, entry: LogEntry): Place {
  const known = places.get(entry);
  if (known) return known;
  const open = [entry];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const parents = parentsOf(graph, top);
    const missing = parents.filter((parent) => !places.has(parent));
    if (missing.length > 0) {
      for (const parent of missing) open.push(parent);
      continue;
    }
    if (!places.has(top)) places.set(top, placeAbove(parents.flatMap((parent) => places.get(parent) ?? [])));
    open.pop();
  }
  return places.get(entry) as Place;
}

function parentsOf(graph: LogGraph, entry: LogEntry): readonly LogEntry[] {
  return entry.parents.flatMap((parent) => graph.get(parent) ?? []);
}

/** An entry goes on with the chain of a parent that none has gone on with; else it begins one. */
function placeAbove(parents: readonly Place[]): Place {
  const base = parents.find(({ chain, at }) => chain.last === at);
  if (base !== undefined) {
    base.chain.last++;
    const [at, chain] = [base.at + 1, base.chain];
    return { chain, at, others: parents.length === 1 ? base.others : positionsOf(parents, chain) };
  }
  return { chain: { last: 0 }, at: 0, others: positionsOf(parents, undefined) };
}

function positionsOf(parents: readonly Place[], own: Chain | undefined): ReadonlyMap<Chain, number> {
  const highest = new Map<Chain, number>();
  const reach = (chain: Chain, at: number): void => {
    if (chain !== own && at > (highest.get(chain) ?? -1)) highest.set(chain, at);
  };
  for (const { chain, at, others } of parents) {
    reach(chain, at);
    for (const [other, position] of others) reach(other, position);
  }
  return highest;
}

/** Entries that no other entry builds on, sorted. */
export function headsOf(graph: LogGraph): string[] {
  const heads = new Set(graph.keys());
  for (const entry of graph.values()) for (const parent of entry.parents) heads.delete(parent);
  return [...heads].sort();
}

/** LOG-8: one value that stands for a whole graph: hex SHA-256 over the sorted heads joined by line feeds. */
export function headOfHeads(heads: readonly string[]): string {
  return sha256Hex(utf8([...heads].sort().join('\n')));
}

/**
 * Parents before children, the same list for every order of arrival. Ties go by hash, which settles the listing only:
 * no rule asks for the place of an entry among its concurrents.
 */
export function causalOrder(graph: LogGraph): LogEntry[] {
  const waitsFor = new Map<string, number>();
  const children = new Map<string, string[]>();
  for (const entry of graph.values()) {
    waitsFor.set(entry.hash, entry.parents.length);
    for (const parent of entry.parents) {
      const list = children.get(parent);
      if (list) list.push(entry.hash);
      else children.set(parent, [entry.hash]);
    }
  }
  const order: LogEntry[] = [];
  let layer = [...waitsFor].filter(([, count]) => count === 0).map(([hash]) => hash);
  while (layer.length > 0) {
    const next: string[] = [];
    for (const hash of layer.sort()) {
      const entry = graph.get(hash);
      if (entry) order.push(entry);
      for (const child of children.get(hash) ?? []) {
        const left = (waitsFor.get(child) ?? 0) - 1;
        waitsFor.set(child, left);
        if (left === 0) next.push(child);
      }
    }
    layer = next;
  }
  return order;
}

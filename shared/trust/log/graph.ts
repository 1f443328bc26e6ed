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

/** What lies below an entry is named by its hash and never changes, so it is looked up once. */
const ancestorsOfEntry = new WeakMap<LogEntry, ReadonlySet<string>>();

/** All ancestors of an entry, without itself. */
export function ancestorsOf(graph: LogGraph, entry: LogEntry): ReadonlySet<string> {
  const known = ancestorsOfEntry.get(entry);
  if (known) return known;
  const found = closureOf(graph, entry.parents);
  ancestorsOfEntry.set(entry, found);
  return found;
}

/** True when `ancestor` lies strictly below `entry`. */
export function isAncestor(graph: LogGraph, ancestor: string, entry: LogEntry): boolean {
  return ancestorsOf(graph, entry).has(ancestor);
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
    for (const parent of entry.parents) children.set(parent, [...(children.get(parent) ?? []), entry.hash]);
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

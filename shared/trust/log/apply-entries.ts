import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import { keyIdOf } from '../keys/key-id.ts';
import type { LogEntry } from './graph.ts';
import { isProvisionalFleet } from './permissions.ts';
import { readUnverifiedEntry } from './read-entry.ts';
import { stateOf, type TrustState } from './state.ts';
import { type KnownPlace, onlyRecovery, verifyEntry, wrongFleet } from './verify-entry.ts';

/** LOG-3: entries that may wait for a parent. They are unverified, so their number is bounded. */
export const MAX_PENDING = 1_000;

/** Entries in one call. */
export const MAX_BATCH = 10_000;

export interface AppliedEntries {
  readonly state: TrustState;
  /** Entries that are new in the log, parents first: store these. */
  readonly applied: readonly Envelope[];
  /** Entries that wait for a parent; `state.pending` holds the same. */
  readonly pending: readonly Envelope[];
}

/**
 * LOG-2: adds entries in any order, any number of times. All or nothing: one bad new entry refuses the call and the
 * given state stays as it was. An entry that had been waiting and turns out bad is dropped, so that rubbish sent early
 * can not block what comes later.
 */
export async function applyTrustEntries(
  state: TrustState,
  envelopes: readonly Envelope[],
): Promise<Result<AppliedEntries>> {
  if (envelopes.length > MAX_BATCH) return err(tooMany(`${envelopes.length} entries at once`));
  const waiting = new Map<string, LogEntry>();
  for (const envelope of state.pending) {
    const read = readUnverifiedEntry(envelope);
    if (read.ok) waiting.set(keyOf(read.value), read.value);
  }
  const held = new Set(waiting.keys());
  for (const envelope of envelopes) {
    const read = readUnverifiedEntry(envelope);
    if (!read.ok) return read;
    const { hash, payload, entry } = read.value;
    if (state.graph.has(hash)) continue;
    if (state.fleet !== '' && entry.kind !== 'genesis' && payload.fleet !== state.fleet)
      return err(wrongFleet(payload.fleet, state.fleet));
    waiting.set(keyOf(read.value), read.value);
    held.delete(keyOf(read.value));
  }

  const graph = new Map(state.graph);
  const applied: Envelope[] = [];
  const children = childrenOf(waiting.values());
  const ready = [...waiting.values()].filter((entry) => entry.parents.every((parent) => graph.has(parent)));
  let { fleet } = state;
  const place: KnownPlace = {};
  for (let entry = ready.pop(); entry; entry = ready.pop()) {
    if (!waiting.delete(keyOf(entry))) continue;
    const verified = isAfterHandover(state, entry)
      ? err(tooLate(entry.signer))
      : isAfterRenewal(state, entry)
        ? err(onlyRecovery(entry.signer))
        : await verifyEntry(entry, graph, fleet, place);
    if (!verified.ok) {
      if (held.has(keyOf(entry))) continue;
      return verified;
    }
    if (graph.has(entry.hash)) continue;
    if (entry.entry.kind === 'genesis') fleet = entry.hash;
    graph.set(entry.hash, entry);
    applied.push(entry.envelope);
    for (const child of children.get(entry.hash) ?? [])
      if (child.parents.every((parent) => graph.has(parent))) ready.push(child);
  }
  if (waiting.size > MAX_PENDING) return err(tooMany(`${waiting.size} entries without their parents`));
  const pending = [...waiting].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.envelope);
  return ok({ state: stateOf(fleet, graph, pending), applied, pending });
}

/**
 * LOG-14: a new entry of the browser that claimed the fleet, where a firm owner stands already. At its own place in the
 * graph it may well have been owner; but whoever serves its page can have it sign beside the handover at any time later.
 */
function isAfterHandover(state: TrustState, { entry, signer }: LogEntry): boolean {
  const claimedBy = state.genesis?.device;
  if (entry.kind === 'genesis' || claimedBy?.kind !== 'browser' || signer !== claimedBy.deviceId) return false;
  return !isProvisionalFleet(state);
}

/**
 * LOG-18: a further `recovery` of words that were replaced already, where the next ones are known. On a place before them it
 * would stand against the one that the owner made, and old words that somebody found would end the new ones.
 */
function isAfterRenewal(state: TrustState, { entry, signer }: LogEntry): boolean {
  if (entry.kind !== 'recovery' || state.recovery === null) return false;
  return state.recoveryKeys.has(signer) && keyIdOf(state.recovery.signKey) !== signer;
}

/** The signature is no part of the hash: a bad one must not take the place of a good one with the same payload. */
function keyOf({ hash, envelope }: LogEntry): string {
  return `${hash}:${envelope.signatures[0]?.sig ?? ''}`;
}

function childrenOf(entries: Iterable<LogEntry>): Map<string, LogEntry[]> {
  const children = new Map<string, LogEntry[]>();
  for (const entry of entries)
    for (const parent of entry.parents) {
      const list = children.get(parent);
      if (list) list.push(entry);
      else children.set(parent, [entry]);
    }
  return children;
}

function tooLate(keyid: string) {
  return fault(
    'trust.not-owner',
    'denied',
    `the browser ${keyid} claimed this fleet, but an owner's desktop or CLI has joined since: it signs no entry any more`,
    'sign the entry on a desktop or CLI of an owner; if nobody made it just now, do not trust this core',
    { detail: { keyid } },
  );
}

function tooMany(what: string) {
  return fault('trust.too-many', 'denied', `${what} are more than is taken`, 'send the log in parts, parents first');
}

import { type Clock, FaultError, fault, ok, type Result, unwrap } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  decideLogRoom,
  type Envelope,
  itemHash,
  parseEnvelope,
  type TrustState,
  trustPayloadSchema,
} from '#shared/trust/index.ts';
import { type Act, type Actor, FLEET_KEY, performAudited } from '../audit/audit-log.ts';
import type { CoreStore, DurableWrites } from '../store/port.ts';

/** The trust log as the core holds it: verified, durable, one extension at a time. */
export interface TrustKeeper {
  current(): TrustState;
  /** '' before the claim. */
  fleet(): string;
  /**
   * Takes entries that verify and extend the log, and writes one audit entry. Throws a FaultError when one does not.
   * Nothing new is answered without effect. `checked` is what the caller found before: its fault is the refusal.
   * A core without a fleet takes a genesis only from a claim, which gives `also`.
   */
  extend(
    entries: readonly Envelope[],
    by: { actor: Actor; action: string },
    also?: AlsoInClaim,
    checked?: Result<void>,
  ): Promise<TrustState>;
  /** Whether any of these is not in the log yet. */
  isNews(entries: readonly Envelope[]): boolean;
  /** Called with the entries that are new, after they are durable. */
  onExtended(listener: (applied: readonly Envelope[]) => void): void;
}

/** More that belongs to the same transaction: the claim spends the setup code with it. */
export type AlsoInClaim = (tx: DurableWrites) => Promise<void>;

/** Reads the log from the store. */
export async function loadTrustKeeper(about: { store: CoreStore; clock: Clock }): Promise<TrustKeeper> {
  const { store, clock } = about;
  const fleet = (await store.durable.read.getMeta(FLEET_KEY)) ?? '';
  const stored = await store.durable.read.listTrust();
  const loaded = await applyTrustEntries(
    createTrustState(fleet),
    stored.map((entry) => entry.envelope),
  );
  let state = unwrap(loaded).state;
  const listeners: ((applied: readonly Envelope[]) => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  async function extend(
    entries: readonly Envelope[],
    by: { actor: Actor; action: string },
    also?: AlsoInClaim,
    checked: Result<void> = ok(),
  ): Promise<TrustState> {
    const act: Act = { ...by, subject: describeEntries(entries), envelope: embeddable(entries, by.actor) };
    let next = state;
    let applied: readonly Envelope[] = [];
    await performAudited({ store: store.durable, clock }, act, async () => {
      unwrap(checked);
      if (state.fleet === '' && also === undefined) throw new FaultError(notClaimed());
      const result = unwrap(await applyTrustEntries(state, entries));
      if (result.pending.length > 0) throw new FaultError(parentsMissing(result.pending.length));
      unwrap(decideLogRoom(result.state, result.applied));
      next = result.state;
      applied = result.applied;
      return async (tx) => {
        for (const envelope of applied) await tx.addTrust({ hash: itemHash(envelope), envelope });
        if (state.fleet === '' && next.fleet !== '') await tx.setMeta(FLEET_KEY, next.fleet);
        await also?.(tx);
      };
    });
    state = next;
    if (applied.length > 0) for (const listener of listeners) listener(applied);
    return next;
  }

  return {
    current: () => state,
    fleet: () => state.fleet,
    isNews: (entries) =>
      entries.some((envelope) => !parseEnvelope(envelope).ok || !state.graph.has(itemHash(envelope))),
    extend(entries, by, also, checked) {
      const run = last.then(() => extend(entries, by, also, checked));
      last = run.catch(() => {});
      return run;
    },
    onExtended: (listener) => listeners.push(listener),
  };
}

/** What the audit says of entries that may not even be readable. */
function describeEntries(entries: readonly Envelope[]): Record<string, string> {
  const kinds = entries.slice(0, 8).map((envelope) => {
    const payload = peekPayload(envelope);
    return payload === undefined ? 'unreadable' : payload.entry.kind.slice(0, 32);
  });
  const subject: Record<string, string> = { entries: String(entries.length), kinds: kinds.join(',') };
  const first = entries[0];
  if (first !== undefined && parseEnvelope(first).ok) subject.first = itemHash(first);
  return subject;
}

function peekPayload(envelope: Envelope) {
  try {
    const read = trustPayloadSchema.safeParse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** AUD-5: an entry embeds only what its actor signed. */
function embeddable(entries: readonly Envelope[], actor: Actor): Envelope | null {
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only === undefined || !parseEnvelope(only).ok) return null;
  return actor.kind === 'setup' || only.signatures[0]?.keyid === actor.id ? only : null;
}

/** A core without a fleet has no devices, and takes its first entry from a claim only. */
export function notClaimed() {
  return fault(
    'core.not-claimed',
    'conflict',
    'This core has no fleet yet.',
    'Claim it with the setup code: `overseer device claim`.',
  );
}

function parentsMissing(count: number) {
  return fault(
    'trust.parents-missing',
    'conflict',
    `${count} entries name parents that this core does not hold.`,
    'Read the trust log of the core first (`GET trust`), then send the missing entries with these.',
  );
}

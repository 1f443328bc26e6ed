import { type Clock, type Fault, FaultError, isoTime } from '#shared/kernel/index.ts';
import { type CoreAuditEntry, createCoreAuditEntry, type Envelope } from '#shared/trust/index.ts';
import type { DurableStore, DurableWrites } from '../store/port.ts';

/** Who acts, as far as the core can prove it. */
export type Actor = CoreAuditEntry['actor'];

/** Id of an actor that no signature proves: a key that only claims to have signed is written down as nobody. */
export const UNPROVEN = 'unproven';

/** One act to be written down. `subject` names what it is about; it never holds a secret. */
export interface Act {
  actor: Actor;
  readonly action: string;
  readonly subject: Record<string, string>;
  readonly envelope: Envelope | null;
}

/** Key of the fleet's hash in the store's meta table; absent until the claim. */
export const FLEET_KEY = 'fleet';

/** Appends one entry inside the transaction of the change that it tells of. */
export async function appendAudit(tx: DurableWrites, clock: Clock, act: Act, refusal: Fault | null): Promise<void> {
  const head = await tx.auditHead();
  const entry = createCoreAuditEntry({
    v: 1,
    fleet: (await tx.getMeta(FLEET_KEY)) ?? '',
    seq: (head?.seq ?? 0) + 1,
    prev: head?.hash ?? null,
    at: isoTime(clock),
    actor: act.actor,
    action: act.action,
    subject: act.subject,
    envelope: act.envelope as CoreAuditEntry['envelope'],
    outcome: refusal === null ? 'accepted' : 'refused',
    fault: refusal?.code ?? null,
  });
  await tx.addAudit({ seq: (head?.seq ?? 0) + 1, hash: entry.hash, bytes: entry.bytes });
}

/**
 * Carries out one act and leaves exactly one entry. `prepare` checks (it may wait for signatures) and gives the
 * change, which runs in the same transaction as the entry; a FaultError from either is a refusal and is written too.
 * It may fill in `act.actor` and `act.subject` while it learns who acts and what the act is about.
 */
export async function performAudited<T>(
  about: { store: DurableStore; clock: Clock },
  act: Act,
  prepare: () => Promise<(tx: DurableWrites) => Promise<T>>,
): Promise<T> {
  const { store, clock } = about;
  try {
    const change = await prepare();
    return await store.write(async (tx) => {
      const value = await change(tx);
      await appendAudit(tx, clock, act, null);
      return value;
    });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    // What the disk refused can not be written down either.
    if (error.fault.code.startsWith('store.')) throw error;
    await store.write((tx) => appendAudit(tx, clock, act, error.fault));
    throw error;
  }
}

import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { applyTrustEntries, createTrustState, type Envelope, type TrustState } from '#shared/trust/index.ts';
import type { TrustStore } from '../store/trust-store.ts';

/** The trust log in memory and on the disk, as one. */
export interface TrustHolder {
  readonly state: TrustState;
  /** Takes what verifies; durable when it resolves. */
  receive(entries: readonly Envelope[]): Promise<Result<void>>;
  /** From a core whose key we do not know: only a log that names this key, at a higher epoch than the core we had. */
  receiveFromStranger(entries: readonly Envelope[], spki: string): Promise<Result<void>>;
  /** Takes what another program of this machine has added to the store (`overseer node trust import`). */
  reload(): Promise<Result<void>>;
  onChange(listener: () => void): void;
}

/** Verifies the stored log anew (a damaged file must not become authority) and holds it. Rejects when it does not verify. */
export async function createTrustHolder(fleet: string, store: TrustStore): Promise<Result<TrustHolder>> {
  const stored = await applyTrustEntries(createTrustState(fleet), store.entries());
  if (!stored.ok) return stored;
  let state = stored.value.state;
  const listeners: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const apply = async (
    entries: readonly Envelope[],
    accept: (next: TrustState) => Result<void>,
  ): Promise<Result<void>> => {
    const applied = await applyTrustEntries(state, entries);
    if (!applied.ok) return applied;
    const accepted = accept(applied.value.state);
    if (!accepted.ok) return accepted;
    store.add(applied.value.applied);
    const changed = applied.value.applied.length > 0;
    state = applied.value.state;
    if (changed) for (const tell of listeners) tell();
    return ok();
  };
  // One at a time: two batches on one old state would lose the first.
  const inTurn = (work: () => Promise<Result<void>>): Promise<Result<void>> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };

  return ok({
    get state() {
      return state;
    },
    receive: (entries) => inTurn(() => apply(entries, () => ok())),
    receiveFromStranger: (entries, spki) =>
      inTurn(() => {
        const before = Math.max(0, ...state.cores.map((core) => core.epoch));
        return apply(entries, (next) => {
          const named = next.cores.some((core) => core.tlsSpki === spki && core.epoch > before);
          return named ? ok() : err(notNamed(spki));
        });
      }),
    reload: () => inTurn(() => apply(store.entries(), () => ok())),
    onChange: (listener) => void listeners.push(listener),
  });
}

function notNamed(spki: string) {
  return fault(
    'link.unknown-core',
    'denied',
    `The log that the unknown core ${spki} showed does not name its key as the fleet's newer core.`,
    'If the core was rebuilt, sign its new key on an owner device.',
    { detail: { spki } },
  );
}

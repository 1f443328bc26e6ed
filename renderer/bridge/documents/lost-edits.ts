import { createStore, type StoreApi } from 'zustand/vanilla';

/** Something a person wrote that its device did not keep, as it was written. */
export interface LostEdit {
  readonly id: string;
  /** `fleet`, or `app:` and the app's id. */
  readonly document: string;
  readonly path: string;
  /** Empty: it had been cleared or removed. */
  readonly text: string;
}

/** What was lost in this window, newest last; it stays until it is dismissed. */
export interface LostEdits {
  readonly store: StoreApi<readonly LostEdit[]>;
  add(lost: readonly Omit<LostEdit, 'id'>[]): void;
  dismiss(id: string): void;
}

/** Makes an empty list. */
export function createLostEdits(): LostEdits {
  const store = createStore<readonly LostEdit[]>(() => []);
  let made = 0;
  return {
    store,
    add(lost) {
      if (lost.length === 0) return;
      const fresh = lost.map((one) => ({ ...one, id: `lost-${++made}` }));
      store.setState([...store.getState(), ...fresh], true);
    },
    dismiss: (id) =>
      store.setState(
        store.getState().filter((one) => one.id !== id),
        true,
      ),
  };
}

import { create } from 'zustand';

interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  set(ids: Iterable<string>): void;
}

/**
 * Which apps are marked in the list. Beside the rows, not in them: so that marking one draws one box, of a thousand.
 * It outlives a look into an app and is empty after a reload.
 */
export const useSelection = create<Selection>((set) => ({
  ids: new Set(),
  toggle: (id) =>
    set(({ ids }) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      return { ids: next };
    }),
  set: (ids) => set({ ids: new Set(ids) }),
}));

import { create } from 'zustand';
import type { AppFilter } from './app-table.ts';

interface FilterState extends AppFilter {
  set(change: Partial<AppFilter>): void;
}

/** The filter of the list: still there after a look into an app. */
export const useAppFilter = create<FilterState>((set) => ({
  text: '',
  nodeId: null,
  status: null,
  set: (change) => set(change),
}));

import { createStore } from 'zustand/vanilla';
import type { OfflineSupport } from './register-service-worker.ts';

/** Whether these screens open with the core away; null until the browser has said so, and in the desktop. */
export const offlineSupport = createStore<OfflineSupport | null>(() => null);

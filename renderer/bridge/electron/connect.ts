import type { Bridge } from '#shared/contracts/ipc/index.ts';

declare global {
  interface Window {
    /** Set by preload/index.ts; absent in a browser. */
    readonly overseer?: Bridge;
  }
}

/** The bridge that the desktop's preload script put into this window; null in a browser. */
export function connectElectron(window: Pick<Window, 'overseer'>): Bridge | null {
  return window.overseer ?? null;
}

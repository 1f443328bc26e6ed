import type { BridgePort } from './bridge.ts';

/** Two connected ports in memory, for a screen and a host in one process. Messages are cloned and arrive in order, later. */
export function createPortPair(): readonly [BridgePort, BridgePort] {
  const listeners: ((message: unknown) => void)[] = [() => undefined, () => undefined];
  let open = true;
  const end = (own: 0 | 1): BridgePort => ({
    post(message) {
      const copy = structuredClone(message);
      queueMicrotask(() => {
        if (open) listeners[1 - own]?.(copy);
      });
    },
    onMessage(listener) {
      listeners[own] = listener;
    },
    close() {
      open = false;
    },
  });
  return [end(0), end(1)];
}

import type { BridgePort } from '#shared/contracts/ipc/index.ts';

/** A browser's MessagePort as the bridge's pipe. */
export function toBridgePort(port: MessagePort): BridgePort {
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.onmessage = (event) => listener(event.data);
    },
    close: () => port.close(),
  };
}

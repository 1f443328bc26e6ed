import type { BridgePort } from '#shared/contracts/ipc/bridge.ts';

/**
 * A bridge port over one end of a channel, and the other end for the main process. What is sent before anybody listens
 * waits in the channel.
 */
export function openPort(channel: MessageChannel): { readonly port: BridgePort; readonly far: MessagePort } {
  const near = channel.port1;
  return {
    far: channel.port2,
    port: {
      post: (message) => near.postMessage(message),
      // Setting onmessage starts the port.
      onMessage(listener) {
        near.onmessage = (event) => listener(event.data);
      },
      close: () => near.close(),
    },
  };
}

import type { BridgePort } from '#shared/contracts/ipc/index.ts';
import type { MainPort } from '../electron-api.ts';

/** A port of Electron's main process as a bridge port. Messages wait until a listener is set. */
export function toBridgePort(port: MainPort): BridgePort {
  let listener: (message: unknown) => void = () => undefined;
  let started = false;
  port.on('message', (event) => listener(event.data));
  return {
    post: (message) => port.postMessage(message),
    onMessage(next) {
      listener = next;
      if (!started) port.start();
      started = true;
    },
    close: () => port.close(),
  };
}

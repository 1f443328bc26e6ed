// By its own file: the index brings all schemas along, which a page does not need.
import { createBridgeClient } from '#shared/contracts/ipc/client.ts';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { announcePage } from './page-life.ts';
import { toBridgePort } from './port.ts';

/** The bridge to this browser's device; the device is started when no other tab has it running. */
export function connectWorker(): Bridge {
  // Without it the browser may throw keys and replica away when it needs room. It answers no without asking where it must.
  navigator.storage?.persist?.().catch(() => undefined);
  const port = openPort();
  const bridge = createBridgeClient(toBridgePort(port));
  announcePage(port);
  // A tab that may come back from the browser's cache keeps its place; one that goes for good frees what it held.
  addEventListener('pagehide', (event) => {
    if (!event.persisted) bridge.close();
  });
  return bridge;
}

function openPort(): MessagePort {
  if ('SharedWorker' in globalThis) {
    return new SharedWorker(new URL('../host-worker.ts', import.meta.url), { type: 'module', name: 'overseer' }).port;
  }
  const worker = new Worker(new URL('../host-worker.ts', import.meta.url), { type: 'module', name: 'overseer' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  return port1;
}

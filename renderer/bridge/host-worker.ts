import { createReplicaHost } from '#shared/device/host/index.ts';
import { ok, systemClock, systemRandom } from '#shared/kernel/index.ts';
import { createBakedCatalog } from './web/core/baked-catalog.ts';
import { createFetchHttp } from './web/core/fetch-http.ts';
import { createWebSockets } from './web/core/web-sockets.ts';
import { watchPage } from './web/page-life.ts';
import { toBridgePort } from './web/port.ts';
import { createBrowserVault } from './web/store/browser-vault.ts';

/**
 * The device of a browser: one program behind all tabs of this origin. It runs in a shared worker, where there is none
 * in a worker of each tab; whoever holds the lock has the data, the others say so and wait.
 */
const DEVICE_LOCK = 'overseer-device';

const { origin, hostname, port } = self.location;
const core = () => ({ http: createFetchHttp(origin), sockets: createWebSockets(origin) });
const host = createReplicaHost({
  clock: systemClock,
  random: systemRandom,
  timers: {
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  kind: 'browser',
  vault: createBrowserVault(),
  // Where to go and whom to trust there is the page's: its own origin, by the browser's certificates.
  openCore: core,
  meetCore: core,
  // The lock of the whole worker is held before the host starts.
  lock: { acquire: async () => ok({ release: () => undefined }) },
  catalog: createBakedCatalog(),
  home: { host: hostname, httpPort: port === '' ? 443 : Number(port), linkPort: 7444 },
  onBug: (error) => console.error('replica host', error),
});

/** Two programs on one replica would write two rows under one number, which reads as a cloned device everywhere. */
const holdDevice = async (): Promise<void> => {
  const untilTheEnd = (): Promise<void> => {
    host.start().catch((error) => console.error('replica host', error));
    return new Promise(() => undefined);
  };
  await navigator.locks.request(DEVICE_LOCK, { ifAvailable: true }, (lock) => {
    if (lock) return untilTheEnd();
    host.hold(true);
    void navigator.locks.request(DEVICE_LOCK, () => {
      host.hold(false);
      return untilTheEnd();
    });
    return undefined;
  });
};

self.addEventListener('online', () => host.wake());
/** Serves a page until it says bye, or is gone without having said it. */
const serve = (event: Event): void => {
  const [screen] = (event as MessageEvent).ports;
  if (!screen) return;
  const port = toBridgePort(screen);
  const served = host.serve({
    ...port,
    onMessage: (listener) =>
      port.onMessage((message) => {
        if (!watchPage(message, () => served.close())) listener(message);
      }),
  });
};
self.addEventListener('connect', serve);
self.addEventListener('message', serve);
void holdDevice();

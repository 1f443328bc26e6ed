import { isNewVersion } from '../offline/precache.ts';

/**
 * Whether the screens open with the core away: `kept`; `refused`, because the browser does not trust the certificate
 * of the core, or its person forbade it; `unsupported`, because the browser has no service workers here.
 */
export type OfflineSupport = 'kept' | 'refused' | 'unsupported';

export interface ServiceWorkerOptions {
  /** `navigator.serviceWorker`; browsers leave it out where the page is not secure. */
  readonly container: ServiceWorkerContainer | undefined;
  /** Path of the script that this page runs. */
  readonly entry: string;
  /** A newer build of the screens is here; a reload shows it. Called at most once for each build. */
  readonly onNewVersion: () => void;
}

/** Registers `/service-worker.js` and waits until it keeps the screens or the browser refused it. */
export async function registerServiceWorker(options: ServiceWorkerOptions): Promise<OfflineSupport> {
  const { container, entry, onNewVersion } = options;
  if (container === undefined) return 'unsupported';
  const told = new Set<string>();
  container.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // A page fetched after the update is of the new build already.
    if (!isNewVersion(data) || data.entry === entry || told.has(data.entry)) return;
    told.add(data.entry);
    onNewVersion();
  });
  try {
    await container.register('/service-worker.js', { scope: '/', updateViaCache: 'none' });
  } catch {
    // Chromium says SecurityError for a certificate it does not trust, Firefox too; there is nothing to tell apart.
    return 'refused';
  }
  await container.ready;
  return 'kept';
}

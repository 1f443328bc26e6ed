import { notifyNewVersion } from './announce/notify-new-version.tsx';
import { offlineSupport } from './offline-support.ts';
import { registerServiceWorker } from './register-service-worker.ts';

/** Lets the browser keep these screens for when the core is away. `entry`: the path of the script that this page runs. */
export function keepScreens(entry: string): void {
  void registerServiceWorker({ container: navigator.serviceWorker, entry, onNewVersion: notifyNewVersion }).then(
    (support) => offlineSupport.setState(support, true),
  );
}

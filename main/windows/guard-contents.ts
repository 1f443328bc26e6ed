import { APP_ORIGIN } from '#shared/contracts/ipc/desktop.ts';
import type { ElectronApi, Navigation } from '../electron-api.ts';
import { decideExternal, decideNavigation } from './navigation.ts';

/**
 * Holds every web contents that will ever exist to our own pages: no navigation elsewhere, no second window, no webview.
 * A link that asks for a window opens in the person's browser where decideExternal says so.
 */
export function guardContents(
  electron: Pick<ElectronApi, 'app' | 'shell'>,
  routeUrls: () => Iterable<string>,
  log: (text: string) => void,
): void {
  const openOutside = (url: string): void => {
    if (decideExternal(url, routeUrls())) {
      electron.shell.openExternal(url).catch((error: Error) => log(`no browser could be opened: ${error.message}`));
    } else {
      log('a page asked to open an address that is not allowed');
    }
  };
  const keep = (event: Navigation): void => {
    if (decideNavigation(event.url, [APP_ORIGIN]) === 'stay') event.preventDefault();
  };
  electron.app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', keep);
    contents.on('will-frame-navigate', keep);
    contents.on('will-redirect', keep);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url);
      return { action: 'deny' };
    });
  });
}

/** What pages may ask of the system: writing to the clipboard, for the copy buttons. */
const granted: readonly string[] = ['clipboard-sanitized-write'];

/** Denies everything else that pages may ask of the system; before the first window. */
export function guardSession(session: ElectronApi['session']['defaultSession']): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(granted.includes(permission)));
  session.setPermissionCheckHandler((_contents, permission) => granted.includes(permission));
  session.setDevicePermissionHandler(() => false);
}

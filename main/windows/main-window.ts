import { APP_ORIGIN, CONNECT_CHANNEL } from '#shared/contracts/ipc/desktop.ts';
import type { BridgePort } from '#shared/contracts/ipc/index.ts';
import { toBridgePort } from '../bridge/electron-port.ts';
import { isFrom } from '../bridge/sender.ts';
import type { AppWindow, ElectronApi } from '../electron-api.ts';
import { MIN_HEIGHT, MIN_WIDTH, mainWindowOptions } from './window-options.ts';
import { decidePlace, type WindowPlace } from './window-place.ts';

/** The one window of the screens: made when it is first wanted, hidden and shown after that. */
export interface MainWindow {
  /** Shows it and brings it to the front; with a path it goes there. */
  open(path?: string): void;
  hide(): void;
  isOpen(): boolean;
}

/**
 * Makes the window of the screens. `onCloseAsked` decides what closing does; the window itself never decides. Every page
 * that loads in it connects once by CONNECT_CHANNEL; a page that came before (a reload) is let go.
 */
export function createMainWindow(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'ipcMain' | 'screen' | 'app'>,
  about: {
    readonly preload: string;
    readPlace(): unknown;
    savePlace(place: WindowPlace): void;
    /** Serves a page's bridge; returns the end of it. */
    connect(port: BridgePort): () => void;
    /** True: the window really closes. */
    onCloseAsked(): boolean;
    onOpened(): void;
    log(text: string): void;
  },
): MainWindow {
  let window: AppWindow | null = null;
  let disconnect: (() => void) | null = null;

  electron.ipcMain.on(CONNECT_CHANNEL, (event) => {
    const [port] = event.ports;
    if (!window || !port || !isFrom(event, window, APP_ORIGIN)) {
      for (const one of event.ports) one.close();
      return about.log('somebody other than the page of the screens asked for the bridge');
    }
    disconnect?.();
    disconnect = about.connect(toBridgePort(port));
  });

  const leave = (): void => {
    disconnect?.();
    disconnect = null;
  };

  const make = (path: string): AppWindow => {
    const displays = electron.screen.getAllDisplays().map((display) => display.workArea);
    const place = decidePlace(about.readPlace(), displays, { width: MIN_WIDTH, height: MIN_HEIGHT });
    const made = new electron.BrowserWindow(mainWindowOptions(about.preload, place, electron.app.isPackaged));
    if (place.maximized) made.maximize();
    made.on('ready-to-show', () => made.show());
    made.on('close', (event) => {
      about.savePlace({ bounds: made.getNormalBounds(), maximized: made.isMaximized() });
      if (!about.onCloseAsked()) event.preventDefault();
    });
    made.on('closed', () => {
      leave();
      if (window === made) window = null;
    });
    made.webContents.on('render-process-gone', (_event, { reason }) => {
      leave();
      about.log(`the page ended: ${reason}`);
      if (reason !== 'clean-exit' && !made.isDestroyed()) load(made, path);
    });
    load(made, path);
    return made;
  };

  const load = (into: AppWindow, path: string): void => {
    into.loadURL(`${APP_ORIGIN}${path}`).catch((error: Error) => about.log(`the page did not load: ${error.message}`));
  };

  return {
    open(path) {
      if (window && !window.isDestroyed()) {
        if (path !== undefined) load(window, path);
        if (window.isMinimized()) window.restore();
        window.show();
        window.focus();
      } else {
        window = make(path ?? '/');
      }
      about.onOpened();
    },
    hide: () => window?.hide(),
    isOpen: () => window !== null && !window.isDestroyed() && window.isVisible(),
  };
}

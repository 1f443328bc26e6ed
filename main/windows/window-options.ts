import type { WindowOptions } from '../electron-api.ts';
import type { WindowPlace } from './window-place.ts';

/** The smallest window in which every screen still works. */
export const MIN_WIDTH = 360;
export const MIN_HEIGHT = 480;

/**
 * What a page may do, in every window of ours. Each line is also Electron's default today; they are written out because
 * a default may change and because a test reads them.
 */
export function lockedDown(preload: string): NonNullable<WindowOptions['webPreferences']> {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
  };
}

/** The window of the screens. It is shown once it has drawn, so that nobody sees an empty one. */
export function mainWindowOptions(preload: string, place: WindowPlace, isPackaged: boolean): WindowOptions {
  return {
    ...place.bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Overseer',
    backgroundColor: '#1a1b1e',
    autoHideMenuBar: true,
    webPreferences: { ...lockedDown(preload), devTools: !isPackaged },
  };
}

/** A small window in which a person decides; it stays above the page that asked. */
export function promptWindowOptions(preload: string, title: string): WindowOptions {
  return {
    width: 520,
    height: 560,
    minWidth: MIN_WIDTH,
    minHeight: 320,
    show: false,
    title,
    alwaysOnTop: true,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    backgroundColor: '#1a1b1e',
    webPreferences: { ...lockedDown(preload), devTools: false },
  };
}

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurableFile } from '#shared/node/durable-file.ts';
import type { AppApi } from '../electron-api.ts';
import { desktopEntry } from './desktop-entry.ts';

/** Whether Overseer starts at login, and the switch for it. */
export interface Autostart {
  isOn(): boolean;
  set(on: boolean): void;
}

/** Says that the program was started at login: its window stays closed where a tray shows it. */
export const HIDDEN_ARGUMENT = '--hidden';

/**
 * Starting at login. On Linux a file of the XDG autostart folder, which is ours to write (Electron has nothing for it);
 * elsewhere the system's own list.
 */
export function createAutostart(
  app: AppApi,
  platform: NodeJS.Platform,
  about: { readonly configFolder: string; readonly program: string },
): Autostart {
  if (platform !== 'linux') {
    return {
      isOn: () => app.getLoginItemSettings().openAtLogin,
      set: (on) => app.setLoginItemSettings({ openAtLogin: on, args: [HIDDEN_ARGUMENT] }),
    };
  }
  const path = join(about.configFolder, 'autostart', 'overseer.desktop');
  return {
    isOn: () => existsSync(path),
    set(on) {
      // Mode 644: the session's own starter reads it.
      if (on) writeDurableFile(path, desktopEntry(about.program), 0o644);
      else rmSync(path, { force: true });
    },
  };
}

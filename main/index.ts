import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as electron from 'electron';
import { systemTimers } from '#shared/node/timers.ts';
import { startDesktop } from './start-desktop.ts';

/** The desktop's entry. Built into out/main, with preload and renderer beside it (electron.vite.config.ts). */
const here = import.meta.dirname;
const log = (text: string): void => console.error(`overseer desktop: ${text}`);

startDesktop(
  electron,
  {
    platform: process.platform,
    argv: process.argv,
    configFolder: process.env.XDG_CONFIG_HOME || join(homedir(), '.config'),
    program: process.env.APPIMAGE || process.execPath,
    timers: systemTimers,
    run: (file, args) =>
      new Promise((resolve) => {
        execFile(file, [...args], { timeout: 5_000 }, (error, stdout) => resolve(error ? undefined : stdout));
      }),
    log,
  },
  {
    pages: join(here, '../renderer'),
    prompt: join(here, 'prompt'),
    icons: join(here, 'icons'),
    preload: join(here, '../preload/index.cjs'),
    promptPreload: join(here, '../preload/prompt.cjs'),
    hostProcess: join(here, 'host-process.js'),
    catalog: electron.app.isPackaged ? join(process.resourcesPath, 'catalog') : join(here, '../../catalog'),
  },
).catch((error: unknown) => {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  electron.app.exit(1);
});

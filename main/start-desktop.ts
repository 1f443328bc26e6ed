import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DESKTOP_SCHEME } from '#shared/contracts/ipc/desktop.ts';
import { createBridgeClient } from '#shared/contracts/ipc/index.ts';
import { createPortPair } from '#shared/contracts/ipc/port-pair.ts';
import type { Timers } from '#shared/device/index.ts';
import { readTextIfPresent, writeDurableFile } from '#shared/node/durable-file.ts';
import { createAutostart, HIDDEN_ARGUMENT } from './autostart/autostart.ts';
import { createAskPerson, decideRefusal } from './bridge/ask-person.ts';
import type { ElectronApi } from './electron-api.ts';
import { watchFleet } from './fleet/watch-fleet.ts';
import { connectPage } from './host/connect-page.ts';
import { createHostLink } from './host/host-link.ts';
import { createKeyVault } from './keychain/key-vault.ts';
import { createSafeStorageKeychain } from './keychain/safe-storage.ts';
import { linkOfArguments, parseDeepLink } from './links/deep-link.ts';
import { menuTemplate } from './menu/menu-template.ts';
import { createPassphrasePrompt } from './prompt/passphrase-prompt.ts';
import { createPrompter } from './prompt/prompt-window.ts';
import { registerScheme, servePages } from './protocol/serve-pages.ts';
import { decideTray, faceOf, freshTray, type TrayEvent } from './tray/decide-tray.ts';
import { findTrayHost, type RunProgram } from './tray/find-tray-host.ts';
import { createTrayShower } from './tray/show-tray.ts';
import { guardContents, guardSession } from './windows/guard-contents.ts';
import { createMainWindow } from './windows/main-window.ts';
import { createPlaceFile } from './windows/place-file.ts';

/** The id by which systems group windows and notifications; the installer uses the same. */
export const APP_ID = 'dev.overseer.desktop';

/** What the desktop takes from the machine beside Electron. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly argv: readonly string[];
  /** Folder of the user's settings ($XDG_CONFIG_HOME); for starting at login on Linux. */
  readonly configFolder: string;
  /** The program that starts at login: the AppImage where it runs from one. */
  readonly program: string;
  readonly timers: Timers;
  readonly run: RunProgram;
  log(text: string): void;
}

/** Where the built parts lie. */
export interface Parts {
  readonly pages: string;
  readonly prompt: string;
  readonly icons: string;
  readonly preload: string;
  readonly promptPreload: string;
  readonly hostProcess: string;
  readonly catalog: string;
}

/**
 * Starts the desktop. The lock comes before everything: a second start hands its link to the first and ends without
 * having touched a file. Resolves when the first window is asked for, or at once in the second start.
 */
export async function startDesktop(electron: ElectronApi, machine: Machine, parts: Parts): Promise<void> {
  const { app } = electron;
  const { after } = machine.timers;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  app.setAppUserModelId(APP_ID);
  registerScheme(electron.protocol);
  let routeUrls: () => readonly string[] = () => [];
  guardContents(electron, () => routeUrls(), machine.log);

  // Links may come before the window can open.
  let wished = linkOfArguments(machine.argv);
  let open = (path?: string): void => {
    wished = path ?? wished;
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const path = parseDeepLink(url);
    if (path !== null) open(path);
  });
  app.on('second-instance', (_event, argv) => open(linkOfArguments(argv) ?? undefined));
  // Closing the last window is decided by the tray's machine, not by Electron's default.
  app.on('window-all-closed', () => undefined);

  await app.whenReady();
  app.setAsDefaultProtocolClient(DESKTOP_SCHEME);
  guardSession(electron.session.defaultSession);
  servePages(electron.protocol, { app: parts.pages, prompt: parts.prompt });

  const home = join(app.getPath('userData'), 'device');
  const prompter = createPrompter(electron, { preload: parts.promptPreload, after });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void after(ms, resolve));
  const keyFile = join(home, 'keys.json');
  const vault = createKeyVault(
    {
      read: () => readTextIfPresent(keyFile),
      write: (text) => writeDurableFile(keyFile, text),
      remove: () => rmSync(keyFile, { force: true }),
    },
    createSafeStorageKeychain(electron.safeStorage, machine.platform, pause),
    createPassphrasePrompt(prompter),
  );
  const link = createHostLink({
    fork: () => electron.utilityProcess.fork(parts.hostProcess, [], { serviceName: 'Overseer replica host' }),
    channel: () => new electron.MessageChannelMain(),
    paths: { home, catalog: parts.catalog },
    vault,
    after,
    log: machine.log,
  });
  link.start();

  // The main process is a page of the host like the others, so what prompts show comes to it and not through a page.
  // It only reads: nothing is ever signed by this way.
  const [near, far] = createPortPair();
  connectPage(link, far, async () => decideRefusal('cancelled'), machine.log);
  const own = createBridgeClient(near);
  const ask = createAskPerson(own, prompter);

  let tray = { ...freshTray, hasDock: machine.platform === 'darwin' };
  const showTray = createTrayShower(electron, parts.icons, (does) => {
    if (does === 'quit') step({ type: 'quit-asked' });
    else if (does !== 'nothing') window.open(does === 'show-alarm' ? alarmPath : undefined);
  });
  let alarmPath = '/';
  /** Takes one event into the tray's machine and does what it decides; false where the window must stay. */
  const step = (event: TrayEvent): boolean => {
    const next = decideTray(tray, event);
    tray = next.state as typeof tray;
    showTray(faceOf(tray));
    if (next.effect === 'hide-window') window.hide();
    if (next.effect === 'open-window') window.open();
    if (next.effect === 'quit') app.quit();
    return next.effect !== 'hide-window';
  };

  const place = createPlaceFile(join(app.getPath('userData'), 'window.json'));
  const window = createMainWindow(electron, {
    preload: parts.preload,
    readPlace: place.read,
    savePlace: place.save,
    connect: (port) => connectPage(link, port, ask, machine.log),
    onCloseAsked: () => step({ type: 'close-asked' }),
    onOpened: () => void step({ type: 'window-opened' }),
    log: machine.log,
  });
  open = (path) => window.open(path);
  app.on('activate', () => window.open());
  electron.powerMonitor.on('resume', link.wake);
  let hostEnded = false;
  app.on('before-quit', (event) => {
    step({ type: 'quit-began' });
    if (hostEnded) return;
    // What was typed a moment ago is not a row yet: the host writes it before the program ends.
    event.preventDefault();
    void link.stop().then(() => {
      hostEnded = true;
      app.quit();
    });
  });

  const watch = watchFleet(own, after, {
    onWord: (word) => void step({ type: 'fleet', word }),
    onNotice(notice) {
      alarmPath = notice.path;
      step({ type: 'alarm', sentence: notice.title });
      if (window.isOpen() || !electron.Notification.isSupported()) return;
      const shown = new electron.Notification({ title: notice.title, body: notice.body });
      shown.on('click', () => window.open(notice.path));
      shown.show();
    },
  });
  routeUrls = watch.routeUrls;

  const autostart = createAutostart(app, machine.platform, machine);
  electron.Menu.setApplicationMenu(
    electron.Menu.buildFromTemplate(
      menuTemplate({
        platform: machine.platform,
        isPackaged: app.isPackaged,
        startsAtLogin: autostart.isOn(),
        setStartsAtLogin: autostart.set,
        show: (path) => window.open(path),
        quit: () => void step({ type: 'quit-asked' }),
      }),
    ),
  );

  const host = await findTrayHost(machine.platform, machine.run);
  step({ type: 'tray-host', host });
  // Started at login it stays in the tray; without one it opens, since nobody could reach it.
  if (wished !== null || host === 'absent' || !machine.argv.includes(HIDDEN_ARGUMENT)) window.open(wished ?? undefined);
}

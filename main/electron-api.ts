import type * as Electron from 'electron';

/**
 * The part of Electron that the desktop uses. The real module fits it (main/index.ts would not compile otherwise) and so
 * does the stand-in of the tests, so a change of Electron's API breaks the types before it breaks the program.
 */
export interface ElectronApi {
  readonly app: AppApi;
  readonly BrowserWindow: WindowClass;
  readonly ipcMain: IpcMainApi;
  readonly protocol: ProtocolApi;
  readonly session: { readonly defaultSession: SessionApi };
  readonly shell: Pick<Electron.Shell, 'openExternal'>;
  readonly safeStorage: SafeStorageApi;
  readonly utilityProcess: { fork(path: string, args?: string[], options?: Electron.ForkOptions): HostProcess };
  readonly MessageChannelMain: new () => { readonly port1: MainPort; readonly port2: MainPort };
  readonly Menu: MenuApi;
  readonly Tray: new (image: Electron.NativeImage) => TrayIcon;
  readonly nativeImage: Pick<typeof Electron.nativeImage, 'createFromPath'>;
  readonly Notification: NotificationClass;
  readonly powerMonitor: { on(event: 'resume', listener: () => void): unknown };
  readonly screen: Pick<Electron.Screen, 'getAllDisplays'>;
}

export interface AppApi
  extends Pick<
    Electron.App,
    | 'requestSingleInstanceLock'
    | 'whenReady'
    | 'quit'
    | 'getPath'
    | 'getName'
    | 'getVersion'
    | 'setAsDefaultProtocolClient'
    | 'setLoginItemSettings'
    | 'getLoginItemSettings'
    | 'setAppUserModelId'
    | 'enableSandbox'
  > {
  readonly isPackaged: boolean;
  on(event: 'second-instance', listener: (event: unknown, argv: string[]) => void): unknown;
  on(event: 'open-url', listener: (event: { preventDefault(): void }, url: string) => void): unknown;
  on(event: 'activate' | 'window-all-closed', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, contents: GuardedContents) => void): unknown;
}

/** What every web contents is guarded by, whoever made it. */
export interface GuardedContents extends Pick<Electron.WebContents, 'setWindowOpenHandler'> {
  on(event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect', listener: (event: Navigation) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** A navigation before it happens. */
export interface Navigation {
  readonly url: string;
  preventDefault(): void;
}

export interface WindowContents extends GuardedContents {
  readonly id: number;
  on(event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect', listener: (event: Navigation) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, about: { reason: string }) => void): unknown;
}

export interface AppWindow
  extends Pick<
    Electron.BrowserWindow,
    | 'loadURL'
    | 'show'
    | 'focus'
    | 'hide'
    | 'close'
    | 'destroy'
    | 'restore'
    | 'isMinimized'
    | 'isMaximized'
    | 'isVisible'
    | 'isDestroyed'
    | 'maximize'
    | 'getNormalBounds'
    | 'removeMenu'
  > {
  readonly webContents: WindowContents;
  on(event: 'close', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'closed' | 'ready-to-show' | 'resize' | 'move', listener: () => void): unknown;
}

/** BrowserWindow as a class whose parent windows are our own. */
export type WindowClass = new (options: WindowOptions) => AppWindow;
export type WindowOptions = Omit<Electron.BrowserWindowConstructorOptions, 'parent'> & { parent?: never };

/** Who sent an IPC message. */
export interface Sender {
  readonly sender: { readonly id: number };
  readonly senderFrame: (Pick<Electron.WebFrameMain, 'origin'> & { readonly parent: unknown }) | null;
}

export interface IpcMainApi {
  on(channel: string, listener: (event: Sender & { ports: MainPort[] }, ...args: unknown[]) => void): unknown;
  handle(channel: string, listener: (event: Sender, ...args: unknown[]) => unknown): void;
}

export interface ProtocolApi extends Pick<Electron.Protocol, 'registerSchemesAsPrivileged'> {
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void;
}

export interface SessionApi {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  on(event: 'will-download', listener: (event: { preventDefault(): void }) => void): unknown;
}

export type SafeStorageApi = Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

/** A value that is only handed from one part of Electron to another. */
export type Opaque = object;

/** One end of a channel between processes. */
export interface MainPort extends Pick<Electron.MessagePortMain, 'start' | 'close'> {
  postMessage(message: unknown, transfer?: MainPort[]): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MainPort[] }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

export interface HostProcess extends Pick<Electron.UtilityProcess, 'kill'> {
  postMessage(message: unknown, transfer?: MainPort[]): void;
  on(event: 'exit', listener: (code: number) => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

export interface MenuApi {
  buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): Opaque;
  setApplicationMenu(menu: Opaque | null): void;
}

export interface TrayIcon extends Pick<Electron.Tray, 'setToolTip' | 'destroy'> {
  setImage(image: Electron.NativeImage): void;
  setContextMenu(menu: Opaque | null): void;
  on(event: 'click', listener: () => void): unknown;
}

export interface NotificationClass {
  new (
    options: Electron.NotificationConstructorOptions,
  ): {
    show(): void;
    on(event: 'click', listener: () => void): unknown;
  };
  isSupported(): boolean;
}

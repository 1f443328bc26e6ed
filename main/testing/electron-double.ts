import { EventEmitter } from 'node:events';
import type { NativeImage } from 'electron';
import {
  APP_ORIGIN,
  CONNECT_CHANNEL,
  PROMPT_ANSWER_CHANNEL,
  PROMPT_CHANNEL,
  PROMPT_ORIGIN,
} from '#shared/contracts/ipc/desktop.ts';
import { type Bridge, createBridgeClient } from '#shared/contracts/ipc/index.ts';
import type { PromptAnswer, PromptView } from '#shared/contracts/ipc/prompt.ts';
import { toBridgePort } from '../bridge/electron-port.ts';
import type {
  AppWindow,
  ElectronApi,
  HostProcess,
  MainPort,
  MenuApi,
  Navigation,
  Sender,
  WindowOptions,
} from '../electron-api.ts';
import { type OpenHost, runHost } from '../host/run-host.ts';
import { createSafeStorageDouble } from './safe-storage-double.ts';

type Template = Parameters<MenuApi['buildFromTemplate']>[0];

/** A port that delivers clones in order, later, once it was started; as Electron's do. */
class PortDouble extends EventEmitter implements MainPort {
  far: PortDouble | undefined;
  #started = false;
  #waiting: { data: unknown; ports: MainPort[] }[] = [];

  postMessage(message: unknown, transfer: MainPort[] = []): void {
    const { far } = this;
    const event = { data: structuredClone(message), ports: transfer };
    queueMicrotask(() => far?.deliver(event));
  }
  deliver(event: { data: unknown; ports: MainPort[] }): void {
    if (this.#started) this.emit('message', event);
    else this.#waiting.push(event);
  }
  start(): void {
    this.#started = true;
    for (const event of this.#waiting.splice(0)) this.emit('message', event);
  }
  close(): void {
    const { far } = this;
    this.far = undefined;
    if (far) far.far = undefined;
    queueMicrotask(() => far?.emit('close'));
  }
}

/** Two connected ports. */
export function createChannelDouble(): { readonly port1: PortDouble; readonly port2: PortDouble } {
  const [port1, port2] = [new PortDouble(), new PortDouble()];
  port1.far = port2;
  port2.far = port1;
  return { port1, port2 };
}

/** A window that draws nothing: what was asked of it can be read, and a test plays its page. */
export class WindowDouble extends EventEmitter implements AppWindow {
  static lastId = 0;
  readonly options: WindowOptions;
  readonly loaded: string[] = [];
  readonly webContents: WebContentsDouble;
  visible = false;
  focused = 0;
  #destroyed = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    WindowDouble.lastId += 1;
    this.webContents = new WebContentsDouble(WindowDouble.lastId);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    queueMicrotask(() => this.emit('ready-to-show'));
  }
  show(): void {
    this.visible = true;
  }
  focus(): void {
    this.focused += 1;
  }
  hide(): void {
    this.visible = false;
  }
  restore(): void {}
  maximize(): void {}
  removeMenu(): void {}
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  isVisible = (): boolean => this.visible;
  isDestroyed = (): boolean => this.#destroyed;
  getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 700 });
  /** As a person closes it: the program may keep it. */
  close(): void {
    let kept = false;
    this.emit('close', {
      preventDefault: () => {
        kept = true;
      },
    });
    if (!kept) this.destroy();
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.visible = false;
    this.emit('closed');
  }
}

class WebContentsDouble extends EventEmitter {
  openHandler: Parameters<AppWindow['webContents']['setWindowOpenHandler']>[0] | undefined;
  readonly id: number;
  constructor(id: number) {
    super();
    this.id = id;
  }
  setWindowOpenHandler(handler: Parameters<AppWindow['webContents']['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }
  /** Whether a navigation of the page would go on. */
  navigate(url: string, event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect' = 'will-navigate'): boolean {
    let went = true;
    const navigation: Navigation = {
      url,
      preventDefault: () => {
        went = false;
      },
    };
    this.emit(event, navigation);
    return went;
  }
}

/** Electron in memory, for as much of it as the desktop uses. */
export interface ElectronDouble {
  readonly api: ElectronApi;
  readonly windows: WindowDouble[];
  readonly app: EventEmitter;
  readonly opened: string[];
  readonly notified: { title: string; body: string; click(): void }[];
  readonly schemes: unknown[];
  readonly permissions: { ask(permission: string): boolean; check(permission: string): boolean };
  quits(): number;
  menu(): Template;
  tray(): { tooltip: string; image: string; menu: Template } | null;
  request(url: string): Promise<Response>;
  /** The page of a window loads: its preload script connects. */
  connectPage(window: WindowDouble, from?: Partial<Sender>): Bridge | null;
  promptView(window: WindowDouble, from?: Partial<Sender>): PromptView | null;
  answerPrompt(window: WindowDouble, answer: PromptAnswer, from?: Partial<Sender>): void;
  /** The replica host's process ends by itself. */
  crashHost(): void;
  hostsStarted(): number;
}

/** Makes it. `openHost` runs where the real one would run in its own process. */
export function createElectronDouble(about: {
  readonly userData: string;
  readonly openHost: OpenHost;
  readonly isFirst?: boolean;
  readonly isPackaged?: boolean;
}): ElectronDouble {
  const app = new EventEmitter();
  const windows: WindowDouble[] = [];
  const opened: string[] = [];
  const notified: ElectronDouble['notified'] = [];
  const schemes: unknown[] = [];
  const listeners = new EventEmitter();
  const handlers = new Map<string, (event: Sender, ...args: unknown[]) => unknown>();
  let quits = 0;
  let menu: Template = [];
  let tray: { tooltip: string; image: string; menu: Template } | null = null;
  let serve: ((request: Request) => Response | Promise<Response>) | undefined;
  let onPermission: Parameters<ElectronApi['session']['defaultSession']['setPermissionRequestHandler']>[0] | undefined;
  let onCheck: ((contents: unknown, permission: string) => boolean) | undefined;
  let host: { end(): void } | undefined;
  let hostsStarted = 0;

  class Window extends WindowDouble {
    constructor(options: WindowOptions) {
      super(options);
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
  }

  const fork = (): HostProcess => {
    hostsStarted += 1;
    const parent = createChannelDouble();
    const outside = new EventEmitter();
    const ports = new Set<MainPort>();
    parent.port1.on('message', (event: { data: unknown }) => outside.emit('message', event.data));
    parent.port1.start();
    runHost(
      {
        postMessage: (message) => parent.port2.postMessage(message),
        on: (_event, listener) => {
          parent.port2.on('message', listener);
          parent.port2.start();
        },
      },
      about.openHost,
      () => outside.emit('exit', 0),
    );
    const end = (): void => {
      parent.port1.close();
      for (const port of ports) port.close();
      outside.emit('exit', 1);
    };
    host = { end };
    return {
      postMessage(message: unknown, transfer: MainPort[] = []) {
        for (const port of transfer) ports.add(port);
        parent.port1.postMessage(message, transfer);
      },
      kill() {
        queueMicrotask(end);
        return true;
      },
      on: (event: string, listener: (...values: never[]) => void) => outside.on(event, listener as () => void),
    };
  };

  const api: ElectronApi = {
    app: {
      isPackaged: about.isPackaged ?? true,
      requestSingleInstanceLock: () => about.isFirst ?? true,
      whenReady: async () => undefined,
      quit() {
        let stays = false;
        app.emit('before-quit', {
          preventDefault: () => {
            stays = true;
          },
        });
        if (stays) return;
        quits += 1;
        for (const window of [...windows]) if (!window.isDestroyed()) window.close();
      },
      getPath: () => about.userData,
      getName: () => 'Overseer',
      getVersion: () => '0.0.0',
      setAsDefaultProtocolClient: () => true,
      setLoginItemSettings: () => undefined,
      getLoginItemSettings: () => ({
        openAtLogin: false,
        openAsHidden: false,
        wasOpenedAtLogin: false,
        wasOpenedAsHidden: false,
        restoreState: false,
        executableWillLaunchAtLogin: false,
        launchItems: [],
        status: 'not-registered',
      }),
      setAppUserModelId: () => undefined,
      enableSandbox: () => undefined,
      on: (event: string, listener: (...args: never[]) => void) => app.on(event, listener as () => void),
    },
    BrowserWindow: Window,
    ipcMain: {
      on: (channel, listener) => listeners.on(channel, listener),
      handle: (channel, listener) => void handlers.set(channel, listener),
    },
    protocol: {
      registerSchemesAsPrivileged: (list) => void schemes.push(...list),
      handle: (_scheme, handler) => {
        serve = handler;
      },
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler) => {
          onPermission = handler;
        },
        setPermissionCheckHandler: (handler) => {
          onCheck = handler;
        },
        setDevicePermissionHandler: () => undefined,
        on: () => undefined,
      },
    },
    shell: {
      openExternal: async (url) => void opened.push(url),
    },
    safeStorage: createSafeStorageDouble({ prefix: 'v11' }).api,
    utilityProcess: { fork },
    MessageChannelMain: class {
      readonly port1: MainPort;
      readonly port2: MainPort;
      constructor() {
        ({ port1: this.port1, port2: this.port2 } = createChannelDouble());
      }
    },
    Menu: {
      buildFromTemplate: (template) => template,
      setApplicationMenu: (next) => {
        menu = next as Template;
      },
    },
    Tray: class {
      constructor(image: object) {
        tray = { tooltip: '', image: String((image as { path: string }).path), menu: [] };
      }
      setImage(image: object): void {
        if (tray) tray.image = String((image as { path: string }).path);
      }
      setToolTip(text: string): void {
        if (tray) tray.tooltip = text;
      }
      setContextMenu(next: object | null): void {
        if (tray) tray.menu = next as Template;
      }
      destroy(): void {
        tray = null;
      }
      on(): void {}
    },
    nativeImage: { createFromPath: (path) => ({ path }) as unknown as NativeImage },
    Notification: class {
      static isSupported = (): boolean => true;
      readonly #options: { title?: string; body?: string };
      #click: () => void = () => undefined;
      constructor(options: { title?: string; body?: string }) {
        this.#options = options;
      }
      show(): void {
        notified.push({ title: this.#options.title ?? '', body: this.#options.body ?? '', click: () => this.#click() });
      }
      on(_event: 'click', listener: () => void): void {
        this.#click = listener;
      }
    },
    powerMonitor: app,
    screen: { getAllDisplays: () => [] },
  };

  const from = (window: WindowDouble, origin: string, over: Partial<Sender> = {}): Sender => ({
    sender: { id: window.webContents.id },
    senderFrame: { origin, parent: null },
    ...over,
  });

  return {
    api,
    windows,
    app,
    opened,
    notified,
    schemes,
    quits: () => quits,
    menu: () => menu,
    tray: () => tray,
    hostsStarted: () => hostsStarted,
    crashHost: () => host?.end(),
    permissions: {
      ask(permission) {
        let granted = false;
        onPermission?.({}, permission, (answer) => {
          granted = answer;
        });
        return granted;
      },
      check: (permission) => onCheck?.({}, permission) ?? false,
    },
    async request(url) {
      if (!serve) throw new Error('no scheme is served yet');
      return serve(new Request(url));
    },
    connectPage(window, over) {
      const { port1, port2 } = createChannelDouble();
      let refused = false;
      port1.on('close', () => {
        refused = true;
      });
      const bridge = createBridgeClient(toBridgePort(port1));
      listeners.emit(CONNECT_CHANNEL, { ...from(window, APP_ORIGIN, over), ports: [port2] });
      return port1.far === undefined || refused ? null : bridge;
    },
    promptView: (window, over) =>
      (handlers.get(PROMPT_CHANNEL)?.(from(window, PROMPT_ORIGIN, over)) as PromptView | null) ?? null,
    answerPrompt: (window, answer, over) =>
      void listeners.emit(PROMPT_ANSWER_CHANNEL, { ...from(window, PROMPT_ORIGIN, over), ports: [] }, answer),
  };
}

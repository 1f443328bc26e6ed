import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppRow, CallName, JobRow, PlanView } from '#shared/contracts/ipc/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { AskVault } from './host/run-host.ts';
import { startDesktop } from './start-desktop.ts';
import { createElectronDouble, type ElectronDouble, type WindowDouble } from './testing/electron-double.ts';

/** Everything in memory comes over in a few turns of the loop. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const id = (letter: string) => letter.repeat(26);
const planId = 'p1';
const plan: PlanView = {
  planId,
  verb: 'deploy',
  appId: id('a'),
  appName: 'miniflux',
  node: { nodeId: id('b'), name: 'nas' },
  base: null,
  lines: [{ id: '1', subject: 'stack', change: 'add', text: 'service miniflux' }],
  downtime: { kind: 'none', text: '' },
  blocked: [],
  byHand: [],
  stack: null,
  deletes: [],
  ownerCommand: null,
  asOf: null,
  urls: [],
};

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'desktop-'));
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

/** A host that answers from a bridge double, so that what reached it can be read. */
function createHost() {
  const called: { name: CallName; input: unknown }[] = [];
  const answers = new Map<CallName, Result<unknown>>([['readPlan', ok(plan)]]);
  const sinks = new Map<string, Set<{ push(message: unknown): Promise<void> }>>();
  let askVault: AskVault | undefined;
  return {
    called,
    answers,
    askVault: () => askVault as AskVault,
    tell(topic: string, message: unknown) {
      for (const sink of sinks.get(topic) ?? []) void sink.push(message);
    },
    told: [] as string[],
    async close(): Promise<void> {
      this.told.push('close');
    },
    open(about: { askVault: AskVault }) {
      askVault = about.askVault;
      return {
        wake: () => void this.told.push('wake'),
        close: () => this.close(),
        handlers: this.handlers,
      };
    },
    handlers: {
      call: async (name: CallName, input: unknown) => {
        called.push({ name, input });
        return (answers.get(name) ?? ok({})) as Result<never>;
      },
      subscribe: (topic: string, _params: unknown, sink: { push(message: unknown): Promise<void> }) => {
        const set = sinks.get(topic) ?? new Set();
        sinks.set(topic, set.add(sink));
        return () => void set.delete(sink);
      },
      openDocument: () => ({ send: () => undefined, close: () => undefined }),
    },
  };
}

async function start(options: { argv?: string[]; tray?: boolean; isFirst?: boolean; platform?: NodeJS.Platform } = {}) {
  const host = createHost();
  const electron = createElectronDouble({
    userData,
    openHost: (about) => host.open(about),
    isFirst: options.isFirst ?? true,
  });
  const timers: { delayMs: number; run: () => void }[] = [];
  const logged: string[] = [];
  await startDesktop(
    electron.api,
    {
      platform: options.platform ?? 'linux',
      argv: options.argv ?? ['/opt/overseer'],
      configFolder: userData,
      program: '/opt/overseer',
      timers: {
        after(delayMs, run) {
          const timer = { delayMs, run };
          timers.push(timer);
          return () => void timers.splice(timers.indexOf(timer) >>> 0, 1);
        },
      },
      run: async (file) => (file === 'gdbus' ? (options.tray === false ? '(false,)' : '(true,)') : undefined),
      log: (text) => logged.push(text),
    },
    {
      pages: '/pages',
      prompt: join(import.meta.dirname, 'prompt'),
      icons: '/icons',
      preload: '/out/preload/index.cjs',
      promptPreload: '/out/preload/prompt.cjs',
      hostProcess: '/out/main/host-process.js',
      catalog: '/catalog',
    },
  );
  await settle();
  return { electron, host, timers, logged, window: electron.windows[0] as WindowDouble };
}

const prompts = (electron: ElectronDouble): WindowDouble[] =>
  electron.windows.filter(
    (one) => one.options.webPreferences?.preload === '/out/preload/prompt.cjs' && !one.isDestroyed(),
  );

describe('A5: windows', () => {
  it('every window that is ever made is locked down', async () => {
    const { electron, window, host } = await start();
    const bridge = electron.connectPage(window);
    void bridge?.call('confirmPlan', { planId });
    await settle();
    expect(electron.windows).toHaveLength(2);
    for (const { options } of electron.windows) {
      expect(options.webPreferences).toMatchObject({
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
        devTools: false,
      });
      expect(options.webPreferences?.preload).toMatch(/^\/out\/preload\/(index|prompt)\.cjs$/);
      expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
    }
    expect(window.loaded).toEqual(['overseer://app/']);
    expect(prompts(electron)[0]?.loaded).toEqual(['overseer://prompt/']);
    expect(electron.schemes).toMatchObject([{ scheme: 'overseer', privileges: { standard: true, secure: true } }]);
    expect(JSON.stringify(electron.schemes)).not.toMatch(/bypassCSP|allowServiceWorkers|corsEnabled/);
    expect(host.called.map((one) => one.name)).toEqual(['readPlan']);
  });

  it('A8-31: pages stay where they are, and only allowed addresses open outside', async () => {
    const { electron, window, host } = await start();
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
      for (const url of ['https://evil.example/', 'file:///etc/passwd', 'overseer://prompt/', 'about:blank']) {
        expect([url, window.webContents.navigate(url, event)]).toEqual([url, false]);
      }
      expect(window.webContents.navigate('overseer://app/nodes', event)).toBe(true);
    }
    host.tell('apps', { set: [appRow(['http://wiki.lan:8080/'])], drop: [], whole: true });
    await settle();
    for (const url of [
      'https://docs.example.com/',
      'http://wiki.lan:8080/x',
      'http://other.lan/',
      'file:///etc/passwd',
      'smb://nas/x',
      'javascript:alert(1)',
    ]) {
      expect(window.webContents.openHandler?.({ url } as never)).toEqual({ action: 'deny' });
    }
    expect(electron.opened).toEqual(['https://docs.example.com/', 'http://wiki.lan:8080/x']);
    expect(window.webContents.listenerCount('will-attach-webview')).toBe(1);
  });

  it('permissions are denied but for copying', async () => {
    const { electron } = await start();
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
      'clipboard-read',
      'hid',
      'usb',
    ]) {
      expect([permission, electron.permissions.ask(permission)]).toEqual([permission, false]);
      expect([permission, electron.permissions.check(permission)]).toEqual([permission, false]);
    }
    expect(electron.permissions.ask('clipboard-sanitized-write')).toBe(true);
  });

  it('A8-30: the bridge goes only to the top frame of the window’s own page', async () => {
    const { electron, window, host } = await start();
    const wrong = [
      { sender: { id: 999 } },
      { senderFrame: null },
      { senderFrame: { origin: 'https://evil.example', parent: null } },
      { senderFrame: { origin: 'overseer://app', parent: {} } },
    ];
    for (const from of wrong) {
      electron
        .connectPage(window, from)
        ?.call('exportAudit', {})
        .catch(() => undefined);
      await settle();
    }
    expect(host.called).toEqual([]);
    const answer = await electron.connectPage(window)?.call('revertEdits', { appId: id('a') });
    expect(answer).toEqual(ok({}));
  });
});

function appRow(urls: string[]): AppRow {
  return {
    id: id('a'),
    name: 'wiki',
    kind: 'app',
    node: null,
    source: { kind: 'compose' },
    status: 'running',
    wanted: 'running',
    urls,
    number: 1,
    running: 1,
    job: null,
    edited: false,
    oldSecrets: [],
    voidSigner: null,
    waiting: false,
    clashes: [],
    seenAt: null,
  };
}

describe('P1: signing passes a window of the main process', () => {
  it('the call reaches the host after the person confirmed in that window', async () => {
    const { electron, window, host } = await start();
    host.answers.set('confirmPlan', ok({ outcome: 'waiting', intent: id('c') }));
    const answer = electron.connectPage(window)?.call('confirmPlan', { planId });
    await settle();
    const [prompt] = prompts(electron);
    expect(electron.promptView(prompt as WindowDouble)).toMatchObject({ title: 'Deploy miniflux on nas' });
    expect(host.called.map((one) => one.name)).toEqual(['readPlan']);
    electron.answerPrompt(prompt as WindowDouble, { answer: 'confirmed', passphrase: null });
    expect(await answer).toEqual(ok({ outcome: 'waiting', intent: id('c') }));
    expect(prompts(electron)).toEqual([]);
  });

  it('cancelling, closing and waiting too long sign nothing', async () => {
    const { electron, window, host, timers } = await start();
    const bridge = electron.connectPage(window);
    const endings: [(prompt: WindowDouble) => void, string][] = [
      [(prompt) => electron.answerPrompt(prompt, { answer: 'cancelled' }), 'desktop.declined'],
      [(prompt) => prompt.close(), 'desktop.declined'],
      [(prompt) => void prompt.webContents.emit('render-process-gone', {}, { reason: 'crashed' }), 'desktop.declined'],
      [() => timers.find((one) => one.delayMs === 600_000)?.run(), 'desktop.not-answered'],
    ];
    for (const [end, code] of endings) {
      const answer = bridge?.call('confirmPlan', { planId });
      await settle();
      end(prompts(electron)[0] as WindowDouble);
      expect(await answer).toMatchObject({ ok: false, error: { code } });
    }
    expect(host.called.map((one) => one.name)).not.toContain('confirmPlan');
  });

  it('an answer from anywhere but that window is not heard', async () => {
    const { electron, window, host } = await start();
    void electron.connectPage(window)?.call('confirmPlan', { planId });
    await settle();
    const prompt = prompts(electron)[0] as WindowDouble;
    const yes = { answer: 'confirmed', passphrase: null } as const;
    electron.answerPrompt(window, yes);
    electron.answerPrompt(prompt, yes, { senderFrame: { origin: 'overseer://app', parent: null } });
    electron.answerPrompt(prompt, yes, { senderFrame: null });
    electron.answerPrompt(prompt, { answer: 'yes' } as never);
    expect(electron.promptView(window)).toBeNull();
    await settle();
    expect(prompts(electron)).toHaveLength(1);
    expect(host.called.map((one) => one.name)).not.toContain('confirmPlan');
  });
});

describe('the replica host', () => {
  it('ends and comes back: calls are answered, topics follow on by themselves', async () => {
    const { electron, window, host, timers } = await start();
    const bridge = electron.connectPage(window);
    const seen: unknown[] = [];
    bridge?.subscribe('nodes', {}, { onMessage: (message) => seen.push(message), onEnd: () => seen.push('end') });
    await settle();
    electron.crashHost();
    await settle();
    expect(await bridge?.call('revertEdits', { appId: id('a') })).toMatchObject({
      error: { code: 'desktop.host-ended', kind: 'transient' },
    });
    timers.find((one) => one.delayMs === 100)?.run();
    await settle();
    expect(electron.hostsStarted()).toBe(2);
    host.tell('nodes', { set: [], drop: [], whole: true });
    await settle();
    expect(seen).toEqual([{ set: [], drop: [], whole: true }]);
    expect(await bridge?.call('revertEdits', { appId: id('a') })).toEqual(ok({}));
  });

  it('P5: it writes down what it has gathered before the program ends, and one that hangs is ended', async () => {
    const { electron, host } = await start();
    electron.api.app.quit();
    expect(electron.quits()).toBe(0);
    await settle();
    expect([host.told, electron.quits()]).toEqual([['close'], 1]);

    const hanging = await start();
    hanging.host.close = () => new Promise(() => undefined);
    hanging.electron.api.app.quit();
    await settle();
    expect(hanging.electron.quits()).toBe(0);
    hanging.timers.find((one) => one.delayMs === 3_000)?.run();
    await settle();
    expect(hanging.electron.quits()).toBe(1);
  });

  it('tries the core again when the machine wakes', async () => {
    const { electron, host } = await start();
    electron.app.emit('resume');
    await settle();
    expect(host.told).toEqual(['wake']);
  });

  it('P7: its secrets are sealed by the main process before they touch the disk', async () => {
    const { host } = await start();
    expect(await host.askVault()({ does: 'load' })).toEqual(ok(null));
    expect(await host.askVault()({ does: 'save', secrets: 'the signing seed' })).toEqual(ok(null));
    const file = readFileSync(join(userData, 'device', 'keys.json'), 'utf8');
    expect(file).toContain('"by":"system"');
    expect(file).not.toContain('the signing seed');
    expect(await host.askVault()({ does: 'load' })).toEqual(ok('the signing seed'));
    expect(await host.askVault()({ does: 'remove' })).toEqual(ok(null));
    expect(await host.askVault()({ does: 'load' })).toEqual(ok(null));
  });
});

describe('window, tray and start', () => {
  it('a second start ends without a window, and its link opens in the first', async () => {
    const second = await start({ isFirst: false });
    expect([second.electron.windows, second.electron.quits(), second.electron.hostsStarted()]).toEqual([[], 1, 0]);
    const { electron, window } = await start();
    electron.app.emit('second-instance', {}, ['/opt/overseer', 'overseer://app/nodes']);
    electron.app.emit('second-instance', {}, ['/opt/overseer', 'https://evil.example/']);
    expect(window.loaded).toEqual(['overseer://app/', 'overseer://app/nodes']);
    expect(window.focused).toBe(2);
    expect(electron.windows).toHaveLength(1);
  });

  it('closing hides into the tray, the tray opens it again, quitting ends', async () => {
    const { electron, window } = await start();
    window.close();
    expect([window.isDestroyed(), window.visible, electron.quits()]).toEqual([false, false, 0]);
    const item = (label: string) => electron.tray()?.menu.find((one) => one.label === label);
    item('Open Overseer')?.click?.({} as never, undefined, {} as never);
    expect(window.visible).toBe(true);
    item('Quit Overseer')?.click?.({} as never, undefined, {} as never);
    await settle();
    expect([window.isDestroyed(), electron.quits(), electron.tray()]).toEqual([true, 1, null]);
  });

  it('without a tray closing ends the program instead of hiding it', async () => {
    const { electron, window } = await start({ tray: false });
    expect(electron.tray()).toBeNull();
    window.close();
    await settle();
    expect([window.isDestroyed(), electron.quits()]).toEqual([true, 1]);
  });

  it('started at login it stays in the tray, and opens where there is none', async () => {
    expect((await start({ argv: ['/opt/overseer', '--hidden'] })).electron.windows).toHaveLength(0);
    expect((await start({ argv: ['/opt/overseer', '--hidden'], tray: false })).electron.windows).toHaveLength(1);
    const linked = await start({ argv: ['/opt/overseer', '--hidden', 'overseer://app/apps'] });
    expect(linked.window.loaded).toEqual(['overseer://app/apps']);
  });

  it('a failed job with the window closed shows in the tray and as a notification that leads to it', async () => {
    const { electron, window, host } = await start();
    const job = { id: id('j'), appName: 'wiki', verb: 'deploy', state: 'running', outcome: null };
    const row = (state: string): Partial<JobRow> => ({ ...jobRow, ...(job as object), state: state as never });
    host.tell('jobs', { set: [row('running')], drop: [], whole: true });
    await settle();
    window.close();
    host.tell('jobs', { set: [row('failed')], drop: [], whole: false });
    await settle();
    expect(electron.tray()).toMatchObject({ tooltip: 'Overseer: wiki: deploy failed', image: '/icons/alert.png' });
    expect(electron.notified.map((one) => one.title)).toEqual(['wiki: deploy failed']);
    electron.notified[0]?.click();
    expect(window.loaded.at(-1)).toBe(`overseer://app/jobs/${id('j')}`);
    expect(electron.tray()?.tooltip).not.toContain('failed');
  });

  it('the window opens next time where it was', async () => {
    const { window } = await start();
    window.close();
    expect(JSON.parse(readFileSync(join(userData, 'window.json'), 'utf8'))).toEqual({
      bounds: { x: 10, y: 20, width: 900, height: 700 },
      maximized: false,
    });
  });

  it('its pages come from the package with their policies', async () => {
    const { electron } = await start();
    const answer = await electron.request('overseer://prompt/');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await electron.request('overseer://app/../../etc/passwd.js')).status).toBe(404);
  });

  it('the menu has the usual roles, and its screens', async () => {
    const { electron, window } = await start();
    const text = JSON.stringify(electron.menu());
    for (const role of ['editMenu', 'close', 'reload', 'zoomIn', 'windowMenu']) expect(text).toContain(`"${role}"`);
    expect(text).not.toContain('toggleDevTools');
    const view = electron.menu().find((one) => one.label === 'View')?.submenu as {
      label?: string;
      click?: () => void;
    }[];
    view.find((one) => one.label === 'Nodes')?.click?.();
    expect(window.loaded.at(-1)).toBe('overseer://app/nodes');
  });
});

const jobRow: JobRow = {
  id: id('j'),
  changeSet: id('c'),
  appId: id('a'),
  appName: 'wiki',
  node: id('n'),
  header: 'ab'.repeat(32),
  number: 2,
  verb: 'deploy',
  state: 'running',
  outcome: null,
  awayMs: null,
  fault: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
};

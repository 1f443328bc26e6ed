import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BrowserContext, type ConsoleMessage, chromium, type Page } from '@playwright/test';
import { type Chromium, prepareChromium } from '#world/chromium.ts';
import type { World } from '#world/world.ts';
import type { LabFleet } from '../journeys/lab-fleet.ts';

/** A real browser in the hub that has the screens of this fleet's core open. */
export interface ScreensBrowser {
  readonly context: BrowserContext;
  /** The first tab. */
  readonly page: Page;
  /** The folder of its profile: what this browser keeps on disk. */
  readonly profile: string;
  /** One more tab, watched like the first. */
  openTab(path?: string): Promise<Page>;
  /** From now on this is no trouble: for what a test brings about itself, such as a core that is away. */
  allow(pattern: RegExp): void;
  /** Console errors, refused loads and failed requests so far that were not allowed. */
  trouble(): readonly string[];
  /** Closes the browser and removes its profile. Throws when there was trouble: every test ends with it. */
  close(): Promise<void>;
}

export interface BrowserWish {
  readonly viewport?: { width: number; height: number };
  /** Opens nothing by itself; the first tab is blank. */
  readonly blank?: boolean;
}

/**
 * Opens Chromium in the world's hub, as a person's would be that accepted the core's own certificate after comparing
 * its fingerprint. Apps' certificates are trusted by the lab's ACME root, and nothing is ignored or stubbed.
 */
export async function openBrowser(fleet: LabFleet, wish: BrowserWish = {}): Promise<ScreensBrowser> {
  const { world, coreUrl } = fleet;
  const trust = [await coreCertificate(world, fleet), await world.pebbleRoot()];
  const made = await prepareChromium({ world, trust });
  const context = await launch(made, wish);
  const watch = watchTrouble(context);
  const page = context.pages()[0] ?? (await context.newPage());
  if (!wish.blank) await page.goto(coreUrl);
  return {
    context,
    page,
    profile: made.userDataDir,
    async openTab(path = '/') {
      const tab = await context.newPage();
      await tab.goto(`${coreUrl}${path}`);
      return tab;
    },
    allow: watch.allow,
    trouble: watch.trouble,
    async close() {
      await context.close();
      made.remove();
      const seen = watch.trouble();
      if (seen.length > 0) throw new Error(`the browser had trouble:\n${[...new Set(seen)].join('\n')}`);
    },
  };
}

function launch(made: Chromium, wish: BrowserWish): Promise<BrowserContext> {
  // The browser's root shows only this folder of the machine.
  const downloadsPath = join(dirname(made.userDataDir), 'downloads');
  mkdirSync(downloadsPath, { recursive: true });
  return chromium.launchPersistentContext(made.userDataDir, {
    downloadsPath,
    executablePath: made.executablePath,
    args: [...made.args],
    viewport: wish.viewport ?? { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
}

/** The certificate that the core shows on its page's port, as PEM. */
async function coreCertificate(world: World, fleet: LabFleet): Promise<string> {
  const { coreHost: host, coreHttpPort: port } = fleet;
  const script = `const [host, port] = process.argv.slice(1);
const socket = require('node:tls').connect({ host, port, rejectUnauthorized: false }, () => {
  process.stdout.write(socket.getPeerX509Certificate().toString());
  socket.end();
});`;
  const answer = await world.exec('hub', [process.execPath, '-e', script, host, String(port)]);
  if (answer.code !== 0) throw new Error(`the core shows no certificate: ${answer.stderr}`);
  return answer.stdout;
}

interface TroubleWatch {
  allow(pattern: RegExp): void;
  trouble(): readonly string[];
}

/** Whatever a page says is wrong: errors on its console, exceptions, requests that failed, loads that its policy refused. */
function watchTrouble(context: BrowserContext): TroubleWatch {
  const seen: string[] = [];
  const allowed: RegExp[] = [];
  const note = (what: string): void => {
    if (!allowed.some((pattern) => pattern.test(what))) seen.push(what);
  };
  context.on('console', (message: ConsoleMessage) => {
    if (message.type() !== 'error') return;
    note(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => note(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed';
    // A page that goes on to the next one lets go of what it had asked for.
    if (why !== 'net::ERR_ABORTED') note(`request: ${request.method()} ${request.url()}: ${why}`);
  });
  return { allow: (pattern) => void allowed.push(pattern), trouble: () => seen };
}

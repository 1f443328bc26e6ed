/**
 * `npm run screens`: pictures of every screen, light and dark, wide and narrow, with nothing, something and a thousand
 * apps in it, from the real core and a node of the lab. They lie in dist/screens; look at them.
 */
import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { startWorld, type World } from '#world/world.ts';
import { bundleProduct } from '../../build/bundle/bundle-product.ts';
import { createLabFleet, type LabFleet, productFolder } from '../journeys/lab-fleet.ts';
import { confirmPlan, planFromCompose } from '../screens/app-steps.ts';
import { openBrowser, type ScreensBrowser } from '../screens/browser.ts';
import { openDevice, writeApps } from '../screens/device-bridge.ts';
import {
  claimByScreens,
  connectCloudflareByScreens,
  enableIngressByScreens,
  joinByScreens,
  planFromCatalog,
  startNewCore,
} from '../screens/first-steps.ts';
import { idsOf, settled } from '../screens/shown-fleet.ts';
import { missingPictures, takeAll, takeOne } from './take-pictures.ts';

const folder = resolve('dist/screens');
const THOUSAND = 1_000;

let world: World | undefined;
let browser: ScreensBrowser | undefined;
try {
  await bundleProduct();
  rmSync(folder, { recursive: true, force: true });
  world = await startWorld({ product: productFolder, note: console.log });
  const fleet = createLabFleet(world);
  await takePictures(fleet);
} finally {
  await browser?.context.close();
  await world?.stop();
}

async function takePictures(fleet: LabFleet): Promise<void> {
  const core = await startNewCore(fleet);
  browser = await openBrowser(fleet);
  const { page } = browser;
  await page.getByRole('button', { name: 'Set up this core' }).waitFor();
  await takeOne(page, folder, 'first-run', 'empty');
  await claimByScreens(page, core, { person: 'Ada', fleet: 'home' });
  await takeAll(page, { fleet, folder, amount: 'empty', ids: {} });

  await page.goto(fleet.coreUrl);
  await joinByScreens(page, fleet, 'n1');
  await takeOne(page, folder, 'node-greeting', 'normal');
  await enableIngressByScreens(page, fleet, 'n1');
  await connectCloudflareByScreens(page, fleet, 'n1');
  await deploySome(page);
  const ids = await idsOf(page, 'feeds');
  await takeAll(page, { fleet, folder, amount: 'normal', ids });

  await openDevice(page);
  if (ids.node === undefined) throw new Error('the node is not in its list');
  await writeApps(page, ids.node, THOUSAND);
  await page.goto(`${fleet.coreUrl}/apps`);
  await settled(page);
  await takeAll(page, { fleet, folder, amount: 'thousand', ids });

  const missing = missingPictures(folder);
  if (missing.length > 0) throw new Error(`pictures are missing: ${missing.join(', ')}`);
  const trouble = browser.trouble();
  if (trouble.length > 0) throw new Error(`the browser had trouble:\n${trouble.join('\n')}`);
  console.log(`${readdirSync(folder).length} pictures lie in ${folder}`);
}

/** Miniflux by the catalogue with its first screens on the way, and an own Compose file. */
async function deploySome(page: ScreensBrowser['page']): Promise<void> {
  const main = page.getByRole('main');
  await planFromCatalog(page, { app: 'Miniflux', name: 'feeds', hostname: 'feeds.lab.example' });
  await takeOne(page, folder, 'catalog-plan', 'normal');
  await main.getByRole('button', { name: 'Confirm and deploy' }).click();
  await main.getByRole('link', { name: /^Open feeds/ }).waitFor({ timeout: 180_000 });
  await takeOne(page, folder, 'catalog-done', 'normal');
  const compose = 'services:\n  web:\n    image: lab/web:1\n';
  const route = { hostname: 'web.lab.example', service: 'web', port: 8080 };
  await planFromCompose(page, { name: 'web', compose, route });
  await confirmPlan(main, /^Confirm and deploy$/, /web is live/);
}

/**
 * `npm run bench`: how fast the screens are with a thousand apps, against a blank page of the same stack that the same
 * core serves, in turn and in one run. Fails when a goal is missed, and when the spread does not show that it is held.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startWorld, type World } from '#world/world.ts';
import { bundleProduct } from '../../build/bundle/bundle-product.ts';
import { createLabFleet, productFolder } from '../journeys/lab-fleet.ts';
import { openBrowser, type ScreensBrowser } from '../screens/browser.ts';
import { openDevice, writeApps } from '../screens/device-bridge.ts';
import { claimByScreens, joinByScreens, startNewCore } from '../screens/first-steps.ts';
import { idsOf } from '../screens/shown-fleet.ts';
import { buildBlank } from './build-blank.ts';
import { judgeRatio, type Measured, type Spread, spreadOf } from './judge-ratio.ts';
import { timeOfEcho, timeOfPress, timeToFollow, timeToInteractive } from './measure.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, apps: { type: 'string', default: '1000' } },
});
const rounds = Math.max(5, Number(values.rounds));
const apps = Number(values.apps);
/** A page that was just opened still takes what its device tells: frames are measured when that is over. */
const CALM_MS = 2_000;
/** Presses in one round, of which the median counts. */
const TIMES = 5;
/** A row of a list. */
const row = 'main [role=row][data-index]';

let world: World | undefined;
let browser: ScreensBrowser | undefined;
try {
  await bundleProduct();
  world = await startWorld({ product: productFolder });
  await buildBlank(join(world.product, 'web'));
  process.exitCode = print(await measureAll(world)) ? 0 : 1;
} finally {
  await browser?.context.close();
  await world?.stop();
}

async function measureAll(on: World): Promise<Measured[]> {
  const fleet = createLabFleet(on);
  const core = await startNewCore(fleet);
  browser = await openBrowser(fleet);
  const { page } = browser;
  await claimByScreens(page, core);
  await joinByScreens(page, fleet, 'n1');
  const { node } = await idsOf(page, 'none');
  if (node === undefined) throw new Error('the node is not in its list');
  await openDevice(page);
  await writeApps(page, node, apps);

  const load = { name: `interactive with ${apps} apps`, goal: 3, screens: [] as number[], blank: [] as number[] };
  const change = { name: 'screen change', goal: 2, screens: [] as number[], blank: [] as number[] };
  const key = { name: 'keystroke in the filter', goal: 2, screens: [] as number[], blank: [] as number[] };
  const narrowed: number[] = [];
  const filled: number[] = [];
  // The first round warms what stays warm, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const blank = await roundOfBlank(page, fleet.coreUrl);
    const screens = await roundOfScreens(page, fleet.coreUrl);
    console.log(`round ${round}: ${JSON.stringify({ blank, screens })}`);
    if (round === 0) continue;
    for (const [into, from] of [
      [load, 'load'],
      [change, 'change'],
      [key, 'key'],
    ] as const) {
      into.blank.push(blank[from]);
      into.screens.push(screens[from]);
    }
    narrowed.push(screens.narrowed);
    filled.push(screens.filled);
  }
  console.log(`the rows of a screen are painted ${spreadOf(filled).median.toFixed(0)} ms after the press`);
  console.log(`the list is narrowed ${spreadOf(narrowed).median.toFixed(0)} ms after the keystroke`);
  return [load, change, key];
}

interface Round {
  load: number;
  change: number;
  key: number;
  /** From the key until what hangs on it has followed. */
  narrowed: number;
}

interface RoundOfScreens extends Round {
  /** From the press until the rows of the screen are there too: its frame answers first. */
  filled: number;
}

async function roundOfBlank(page: ScreensBrowser['page'], url: string): Promise<Round> {
  const load = await timeToInteractive(page, `${url}/blank.html`, 'main h1');
  await page.waitForTimeout(CALM_MS);
  const changes: number[] = [];
  for (let time = 0; time < TIMES; time++) changes.push(await timeOfPress(page, 'main button', 'main h1'));
  await page.locator('main input').focus();
  const narrowed = await timeToFollow(page, 'w', '#echo');
  return { load, change: spreadOf(changes).median, key: await medianEcho(page), narrowed };
}

async function roundOfScreens(page: ScreensBrowser['page'], url: string): Promise<RoundOfScreens> {
  const load = await timeToInteractive(page, `${url}/apps`, row);
  await page.waitForTimeout(CALM_MS);
  const changes: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    // Its code is fetched with the first visit; a change is between screens that were seen before.
    await timeOfPress(page, 'nav a[href="/nodes"]', 'main h1');
    await page.locator(row).first().waitFor();
    changes.push(await timeOfPress(page, 'nav a[href="/apps"]', 'main h1'));
    await page.locator(row).nth(5).waitFor();
  }
  await timeOfPress(page, 'nav a[href="/nodes"]', 'main h1');
  await page.locator(row).first().waitFor();
  const filled = await timeOfPress(page, 'nav a[href="/apps"]', row);
  await page.locator('main input[data-filter]').focus();
  const narrowed = await timeToFollow(page, 'w', 'main [role=grid]');
  return { load, change: spreadOf(changes).median, key: await medianEcho(page), narrowed, filled };
}

/** Of some letters, one after the other: where in a frame a key falls is chance. */
async function medianEcho(page: ScreensBrowser['page']): Promise<number> {
  const echoes: number[] = [];
  for (const letter of 'eb-00') echoes.push(await timeOfEcho(page, letter));
  return spreadOf(echoes).median;
}

function print(all: readonly Measured[]): boolean {
  const text = ({ low, median, high }: Spread, digits: number): string =>
    `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
  let isGood = true;
  console.log(`\n${rounds} rounds, median (quartiles)`);
  for (const one of all) {
    const { verdict, ratio, screens, blank } = judgeRatio(one);
    isGood &&= verdict === 'held';
    console.log(
      `${one.name}: ${text(screens, 0)} ms, blank page ${text(blank, 0)} ms, ratio ${text(ratio, 2)}, goal ${one.goal}: ${verdict}`,
    );
  }
  return isGood;
}

import { join } from 'node:path';
import { startWorld, type World } from '#world/world.ts';
import { bundleProduct } from '../../build/bundle/bundle-product.ts';
import { type LabFleet, productFolder } from '../journeys/lab-fleet.ts';
import type { Demo } from './demo.ts';
import { deployLine, labPlace } from './lab-line.ts';
import { lastLines } from './last-lines.ts';
import { proveLine } from './prove-line.ts';
import { type DemoScreens, proveScreens } from './prove-screens.ts';
import { type Door, openDoor } from './screens-door.ts';
import { whatToTry } from './what-to-try.ts';

/** The demo in a lab of its own: namespaces with an engine, a registry, an ACME server and DNS. */
export function createLabDemo(): Demo {
  let world: World | undefined;
  let fleet: LabFleet | undefined;
  let door: Door | undefined;
  let screens: DemoScreens | undefined;
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the lab is not there');
    return part;
  };
  return {
    async deploy(runner) {
      await runner.step('build', async () => {
        await bundleProduct();
        return 'dist/overseer, one folder that runs with Node alone';
      });
      await runner.step('lab', async () => {
        world = await startWorld({ product: productFolder, note: (line) => console.log(`          ${line}`) });
        return 'Docker engine, registry, ACME server, DNS and a node, in namespaces of their own';
      });
      const line = await deployLine(there(world), runner);
      fleet = line.fleet;
      door = await openDoor(there(world), fleet.coreHost, fleet.coreHttpPort);
      const address = { url: `https://127.0.0.1:${door.port}`, fingerprint: line.spki };
      screens = address;
      await runner.step('the screens answer', () => proveScreens(address));
    },
    prove: (runner) => proveLine(labPlace(there(fleet)), runner),
    whatToTry: () => whatToTry(there(fleet), there(screens)),
    lastWords: () => (world ? lastLines(join(world.folder, 'logs')) : ''),
    async end() {
      door?.close();
      await world?.stop();
      return [];
    },
  };
}

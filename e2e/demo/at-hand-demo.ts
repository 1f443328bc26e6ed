import { dirname } from 'node:path';
import { runBundler } from '../../build/bundle/bundle-product.ts';
import { fleetObjects, removeFleetObjects } from './at-hand-clean-up.ts';
import { createDockerCli, type EngineAtHand } from './at-hand-engine.ts';
import { atHandPaths, createAtHandFleet, ownerSettings } from './at-hand-fleet.ts';
import { type AtHandFolders, makeAtHandFolders, removeAtHandFolders } from './at-hand-folders.ts';
import { type ImageNames, pullImages, readImageNames, restoreImageNames } from './at-hand-images.ts';
import { deployAtHand } from './at-hand-line.ts';
import { removeLeftovers, writeMark } from './at-hand-mark.ts';
import { createProcesses } from './at-hand-processes.ts';
import { changesSince, type Snapshot, takeSnapshot } from './at-hand-snapshot.ts';
import type { Demo } from './demo.ts';
import type { DemoPlace } from './demo-place.ts';
import { lastLines } from './last-lines.ts';
import { openScreensText } from './open-screens.ts';
import { proveLine } from './prove-line.ts';
import { type DemoScreens, proveScreens } from './prove-screens.ts';

/** The demo on this machine's own engine: one node, no root, high ports, everything below one folder. */
export function createAtHandDemo(engine: EngineAtHand): Demo {
  const processes = createProcesses();
  const docker = createDockerCli(process.env, processes);
  let folders: AtHandFolders | undefined;
  let fleetId: string | null = null;
  let images: ImageNames | undefined;
  let before: Snapshot | undefined;
  let place: DemoPlace | undefined;
  let screens: DemoScreens | undefined;
  let pulled: string[] = [];
  let ending: Promise<string[]> | undefined;

  /** What a later demo needs to know should this one be killed. */
  function note(): void {
    if (!folders) return;
    writeMark(folders.disk, { pid: process.pid, memory: folders.memory, fleet: fleetId, images: [...(images ?? [])] });
  }

  function there<T>(part: T | undefined): T {
    if (part === undefined) throw new Error('the demo was not brought up');
    return part;
  }

  async function takeAway(): Promise<string[]> {
    await processes.endAll();
    if (fleetId !== null) await removeFleetObjects(docker, fleetId);
    if (images) await restoreImageNames(docker, images);
    if (folders) removeAtHandFolders(folders);
    return pulled.length === 0 ? [] : [`Images that were pulled stay: ${pulled.join(' ')}`];
  }

  const end = (): Promise<string[]> => {
    ending ??= takeAway();
    return ending;
  };

  return {
    async deploy(runner) {
      for (const folder of await removeLeftovers(docker))
        console.log(`          removed what a killed demo left: ${folder}`);
      folders = makeAtHandFolders(process.env);
      note();
      if (folders.warning) console.log(`          ${folders.warning}`);
      await runner.step('build', async () => {
        await runBundler(dirname(atHandPaths(there(folders)).program));
        return `the program, and all that it keeps, in ${there(folders).disk}`;
      });
      images = await readImageNames(docker);
      note();
      before = await takeSnapshot(docker);
      await runner.step('images', async () => {
        pulled = await pullImages(docker, there(images));
        return `${there(images).size} public images, ${pulled.length} of them new here`;
      });
      const fleet = await createAtHandFleet({ engine, folders, processes });
      const onFleet = (id: string) => {
        fleetId = id;
        note();
      };
      const line = await deployAtHand({ fleet, docker, folders, onFleet }, runner);
      place = line.place;
      screens = line.screens;
      await runner.step('the screens answer', () => proveScreens(line.screens));
    },
    prove: (runner) => proveLine(there(place), runner),
    async clearAway(runner) {
      await runner.step('everything taken away', async () => {
        const objects = fleetId === null ? [] : await fleetObjects(docker, fleetId);
        await end();
        const left = fleetId === null ? [] : await fleetObjects(docker, fleetId);
        const changed = changesSince(there(before), await takeSnapshot(docker));
        if (left.length + changed.length > 0)
          throw new Error([...left.map(({ name }) => `${name} is left`), ...changed].join('\n'));
        return `${objects.length} last objects removed; the ${there(before).size} that were here before are as they were`;
      });
    },
    whatToTry: () => whatToTry(there(place), there(folders), there(screens)),
    lastWords: () => (folders ? lastLines(atHandPaths(folders).logs) : ''),
    end,
  };
}

function whatToTry(place: DemoPlace, folders: AtHandFolders, screens: DemoScreens): string {
  const settings = Object.entries(ownerSettings(folders)).map(([name, value]) => `${name}='${value}'`);
  return [
    `Open ${place.url}/ in a browser (other machines of your network can reach that port too).`,
    'It stays up until you press Ctrl-C, which removes everything again. In another terminal:',
    '',
    `  ov() { env ${settings.join(' ')} '${process.execPath}' '${atHandPaths(folders).program}' "$@"; }`,
    '  ov apps list                     what runs',
    '  ov apps logs feeds --tail 20     its log, through sealed frames',
    `  ov apps plan feeds ${place.deployOptions.join(' ')} --input log_level=info   what a change would do`,
    '  ov secrets reveal feeds admin_password    to log in as admin',
    '  ov jobs list                     what was done, step by step',
    '  ov audit verify                  who did what, checked',
    '',
    openScreensText(screens),
  ].join('\n');
}

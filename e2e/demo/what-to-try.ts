import { join } from 'node:path';
import { hubProgram, type LabFleet } from '../journeys/lab-fleet.ts';
import { openScreensText } from './open-screens.ts';
import type { DemoScreens } from './prove-screens.ts';

/** The closing words of a demo that stays up: commands that work as they stand, in another terminal. */
export function whatToTry(fleet: LabFleet, screens: DemoScreens): string {
  const { world } = fleet;
  const shell = `node e2e/world/cli.ts exec --id ${world.id} hub`;
  const owner = `env OVERSEER_HOME=${join(world.hubFolder, 'home', 'overseer')} OVERSEER_PASSPHRASE_FILE=/run/owner/passphrase ${hubProgram(world).join(' ')}`;
  return [
    'The lab stays up until you press Ctrl-C. In another terminal, in this folder:',
    '',
    `  ov() { ${shell} ${owner} "$@"; }`,
    '  ov apps list                     what runs',
    '  ov apps logs feeds --tail 20     its log, through sealed frames',
    '  ov apps plan feeds --input log_level=info   what a change would do',
    '  ov secrets reveal feeds admin_password    to log in as admin',
    '  ov jobs list                     what was done, step by step',
    '  ov audit verify                  who did what, checked',
    '',
    openScreensText(screens),
  ].join('\n');
}

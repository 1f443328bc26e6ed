import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Decrypter } from 'age-encryption';
import { type BareFleet, deployArguments } from '../bare-fleet.ts';
import type { Flips } from '../flip-probe/main.ts';
import type { Row } from '../row.ts';
import { everyOf } from '../sweep.ts';

const FLIPS = 1_000;
/** By the program itself, which takes a second each. */
const BY_CLI = 12;
const probe = fileURLToPath(new URL('../flip-probe/main.ts', import.meta.url));

/** B4-6: bytes that turned over, files that were cut, another key. Noticed, never served, and the way out is told. */
export const turnedBytes: Row = {
  id: '6',
  title: 'flipped bits, cut files and a wrong key of the CLI replica',
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    const seen = await flip(fleet, FLIPS, 'sealed');
    if (seen.served > 0) problems.push(`${seen.served} flips were served as if they were true`);
    if (seen.cutsNoticed < seen.cuts) problems.push(`${seen.cuts - seen.cutsNoticed} cut files were not noticed`);
    const replica = join(fleet.homeFolder, 'replica.db');
    const whole = readFileSync(replica);
    let told = 0;
    for (let turn = 0; turn < BY_CLI; turn += grounds.stride) {
      const changed = Buffer.from(whole);
      // The last one is a whole file of another key: pages of noise, as good as any.
      if (turn >= BY_CLI - grounds.stride) changed.set(Buffer.from(Array.from(changed, () => randomInt(256))));
      else if (turn % 3 === 2) changed.fill(0, Math.floor(changed.length / 4_096 / 2) * 4_096);
      else {
        const at = randomInt(changed.length);
        changed[at] = (changed[at] ?? 0) ^ 0x10;
      }
      fleet.restore('ready');
      writeFileSync(replica, changed);
      const answer = await fleet.cli(await deployArguments(fleet, '2'));
      const said = `${answer.stdout}${answer.stderr}`;
      if (/device\.bad-replica/.test(said) && answer.code !== 0) told++;
      else if (answer.code !== 75)
        problems.push(`flip ${turn}: the CLI ended with ${answer.code}: ${said.slice(0, 600)}`);
      if (/\n\s+at /.test(said)) problems.push(`flip ${turn}: it shows a stack`);
      grounds.note(`flip ${turn}: the CLI ends with ${answer.code}`);
    }
    fleet.restore('ready');
    const rate = ((100 * seen.noticed) / seen.flips).toFixed(1);
    const figures = `noticed ${rate} % of ${seen.flips} flips, ${seen.unread} on what is never read, served ${seen.served}; ${seen.cutsNoticed} of ${seen.cuts} cuts; the CLI told ${told} times`;
    const swept = `each flip, ${everyOf(grounds.stride, 'CLI run')}`;
    return { points: seen.flips + seen.cuts, acknowledged: 0, lost: seen.served, swept, figures, problems };
  },
  async control(grounds) {
    const seen = await flip(await grounds.bare(), 300, 'plain');
    return { seen: seen.served > 0, what: `without encryption ${seen.served} of ${seen.flips} flips were served` };
  },
};

async function flip(fleet: BareFleet, count: number, how: 'sealed' | 'plain'): Promise<Flips> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(readFileSync(join(fleet.bubble.folder, 'owner/passphrase'), 'utf8').trim());
  const sealed = readFileSync(join(fleet.homeFolder, 'device.age'));
  const { replicaKey } = JSON.parse(await decrypter.decrypt(sealed, 'text')) as { replicaKey: string };
  const replica = join(fleet.homeFolder, 'replica.db');
  const argv = [process.execPath, '--no-warnings', probe, replica, replicaKey, String(count), fleet.bubble.folder, how];
  const done = await fleet.bubble.exec(argv);
  if (done.code !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as Flips;
}

import { randomBytes } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newId, releaseMessage, signReleases } from '../evil/orders.ts';
import { makeDevice } from '../evil/stolen-device.ts';
import type { AttackRow } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';
import { type Canary, findInFolder, nodeCanaries } from './canaries.ts';

const SECRET = `canary-${randomBytes(18).toString('hex')}`;

/** A fleet in which a secret was deployed, and the copy of the core's disk that a thief has. */
async function stealCore(stage: FleetStage): Promise<{ copy: string; canaries: Canary[] }> {
  const core = await stage.core();
  const owner = stage.owner();
  const compose = owner.file('web.yaml', 'services:\n  web:\n    image: lab/web:1\n');
  const secret = owner.file('token', SECRET);
  const about = [
    '--compose',
    compose,
    '--node',
    'a',
    '--secret-file',
    `token=${secret}`,
    '--secret-use',
    'token=web:TOKEN',
  ];
  await owner.ask(['apps', 'deploy', 'web', ...about, '--yes', '--no-wait']);
  core.kill('SIGKILL');
  await core.exited;
  const copy = join(stage.folder, 'stolen');
  cpSync(core.folder, copy, { recursive: true });
  const { disks } = stage;
  const words = disks.recoveryWords.split(/\s+/).slice(0, 6).join(' ');
  const canaries = [
    { name: 'the secret of the app', text: SECRET },
    { name: 'the recovery words', text: words },
    { name: 'the passphrase of the owner', text: disks.passphrase },
    { name: 'the signing key of the owner', text: disks.owner.seed },
    { name: 'the sealing key of the owner', text: disks.owner.ageIdentity },
    ...nodeCanaries(disks.nodes.a),
  ];
  return { copy, canaries };
}

/** A8-37. */
export const stolenCore: AttackRow<FleetStage> = {
  id: 37,
  attacks: [
    {
      name: 'search its disk for secrets and keys',
      checks: [],
      async run(stage) {
        const { copy, canaries } = await stealCore(stage);
        const found = findInFolder(copy, canaries);
        return { took: found.length > 0, saw: found.join(', ') || `none of ${canaries.length} is there` };
      },
    },
    {
      name: 'drive a node with what it holds',
      checks: ['known-signer', 'signer-allowed'],
      async run(stage) {
        const { trust, nodeIds } = stage.disks;
        const node = await stage.node('a');
        const about = { trust, by: await makeDevice('thief'), node: nodeIds.a, appId: newId() };
        const [release] = await signReleases(about, 1);
        if (release === undefined) throw new Error('no release was signed');
        return node.deliver(releaseMessage([release]), release.header);
      },
    },
  ],
  honest: [
    {
      name: 'the owner reads the secret from a copy of his own',
      async run(stage) {
        await stealCore(stage);
        const answer = await stage.owner().cli(['secrets', 'reveal', 'web', 'token']);
        return { took: answer.stdout.includes(SECRET), saw: `exit ${answer.code}` };
      },
    },
  ],
  controls: [
    {
      name: 'the search finds each of them where it was planted, in its own spelling',
      async run(stage) {
        const { copy, canaries } = await stealCore(stage);
        const database = new Database(join(copy, 'durable.db'));
        database.exec('CREATE TABLE planted (what)');
        const insert = database.prepare('INSERT INTO planted VALUES (?)');
        const ways = [
          (text: string) => text,
          (text: string) => Buffer.from(`{"x":"${text}"}`).toString('base64'),
          (text: string) => Buffer.from(text).toString('hex'),
          (text: string) => Buffer.from(`ab${text}cd`).toString('base64url'),
        ];
        const planted = canaries.map(({ text }, at) => (ways[at % ways.length] ?? String)(text));
        for (const text of planted.slice(1)) insert.run(text);
        database.close();
        writeFileSync(join(copy, 'left-over.log'), `debug: ${planted[0]}\n`);
        const found = findInFolder(copy, canaries);
        return { took: found.length === canaries.length, saw: `${found.length} of ${canaries.length} found` };
      },
    },
  ],
};

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { eventually, logShows } from '../../journeys/fleet.ts';
import { newTokenFor } from '../evil/enrol.ts';
import { swappedNode, swapsNodeKeys } from '../evil/patches.ts';
import type { AttackRow, Verdict } from '../row.ts';
import { buildWith } from '../switches/patched-build.ts';
import { type FleetStage, HTTP_PORT, LINK_PORT, nodeEnvironment } from '../world/fleet-world.ts';

/** The settings of a machine that has never joined. */
function freshMachine(stage: FleetStage): Record<string, string> {
  const disk = join(stage.folder, 'node-c');
  mkdirSync(disk, { mode: 0o700 });
  return nodeEnvironment(disk, join(stage.folder, 'run-c'));
}

/** What the core's disk says of those who came with tokens, and who of them stands in the log. */
function readCore(folder: string): { states: string[]; trust: string } {
  const database = new Database(join(folder, 'durable.db'), { readonly: true });
  try {
    const records = database.prepare('SELECT record FROM enrolments').all() as { record: string }[];
    const entries = database.prepare('SELECT envelope FROM trust_entries').all() as { envelope: string }[];
    const payloads = entries.map(({ envelope }) => (JSON.parse(envelope) as { payload: string }).payload);
    return {
      states: records.map(({ record }) => (JSON.parse(record) as { state: string }).state),
      trust: payloads.map((payload) => Buffer.from(payload, 'base64').toString('utf8')).join('\n'),
    };
  } finally {
    database.close();
  }
}

/** A node joins by a token of the owner; the core is the given build. */
async function joinOver(stage: FleetStage, coreBuild: string, expected: string): Promise<Verdict> {
  const core = await stage.core({ product: coreBuild });
  const waiting = stage.owner().spawn(['nodes', 'token', '--name', 'c', '--json'], 'token');
  const token = await logShows(waiting, /ov1_[A-Za-z0-9_-]+/);
  const from = performance.now();
  stage.spawn(['node', 'join', token], freshMachine(stage), 'join');
  return eventually('the owner has answered', async () => {
    const { states, trust } = readCore(core.folder);
    if (trust.includes(expected)) return { took: true, saw: 'its keys stand in the log' };
    if (!states.includes('refused')) return undefined;
    return { took: false, saw: 'the owner refused it', refusalMs: [performance.now() - from] };
  });
}

/** A8-40: the core is a build that puts its own key in the place of the node's. */
export const swappedKeys: AttackRow<FleetStage> = {
  id: 40,
  attacks: [
    {
      name: 'the signing key of a node that enrols',
      checks: ['enrolment-proof'],
      run: async (stage) => joinOver(stage, await buildWith(await swapsNodeKeys()), (await swappedNode()).deviceId),
    },
  ],
  honest: [
    {
      name: 'a node over a core that passes on what it said',
      run: (stage) => joinOver(stage, stage.product, '"name":"c"'),
    },
  ],
};

/** A8-11. */
export const falseGenesis: AttackRow<FleetStage> = {
  id: 11,
  attacks: [
    {
      name: 'a core shows a log of its own to a node that joins',
      checks: ['token-genesis'],
      async run(stage) {
        const { host, trust } = stage.disks;
        const { coreSpki } = await stage.falseCore();
        const token = newTokenFor({ host, httpPort: HTTP_PORT, linkPort: LINK_PORT, coreSpki, genesis: trust.fleet });
        const from = performance.now();
        const joined = await stage.run(['node', 'join', token], freshMachine(stage));
        const saw = `exit ${joined.code}; ${joined.stderr.trim().split('\n').at(-1) ?? ''}`;
        return joined.code === 0 ? { took: true, saw } : { took: false, saw, refusalMs: [performance.now() - from] };
      },
    },
  ],
  honest: [
    {
      name: 'the core shows the log that the token names',
      async run(stage) {
        await stage.core();
        const waiting = stage.owner().spawn(['nodes', 'token', '--name', 'c', '--json'], 'token');
        const token = await logShows(waiting, /ov1_[A-Za-z0-9_-]+/);
        const joined = await stage.run(['node', 'join', token], freshMachine(stage));
        return { took: joined.code === 0, saw: `exit ${joined.code}` };
      },
    },
  ],
};

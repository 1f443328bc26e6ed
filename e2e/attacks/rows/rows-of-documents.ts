import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { itemHash, signRaw } from '../evil/orders.ts';
import { relaysVoidRows } from '../evil/patches.ts';
import { makeDevice, type OpenDevice } from '../evil/stolen-device.ts';
import type { AttackRow, Verdict } from '../row.ts';
import { buildWithout } from '../switches/patched-build.ts';
import type { FleetStage } from '../world/fleet-world.ts';

const NAME = 'lab-web-one';
/** As long as the name, so that the bytes around it still fit. */
const BENT = 'bad-web-one';

/** What stands between a replica and a row whose author is no device. */
const ROW_AUTHOR = ['known-signer', 'signer-allowed'] as const;

interface StoredRow {
  readonly position: number;
  readonly doc: string;
  readonly writer: string;
  readonly envelope: string;
}

type Payload = Record<string, unknown> & { readonly update: string };

/** An app is edited and deployed by one replica; a second one of the same owner has seen nothing of it. */
async function prepare(stage: FleetStage) {
  const core = await stage.core();
  const owner = stage.owner();
  const other = join(stage.folder, 'other');
  cpSync(join(owner.home, '..'), other, { recursive: true });
  const compose = owner.file('web.yaml', 'services:\n  web:\n    image: lab/web:1\n');
  await owner.ask(['apps', 'deploy', NAME, '--compose', compose, '--node', 'a', '--yes', '--no-wait']);
  core.kill('SIGTERM');
  await core.exited;
  return { folder: core.folder, other: stage.ownerOf(join(other, 'home')) };
}

/** Changes the name in each document's row that holds it, and drops what came after: its chain would not fit. */
async function bendRows(folder: string, sign: (payload: Payload, old: string) => Promise<string>): Promise<void> {
  const database = new Database(join(folder, 'durable.db'));
  try {
    const rows = database
      .prepare('SELECT position, doc, writer, envelope FROM rows ORDER BY position')
      .all() as StoredRow[];
    const ended = new Set<string>();
    let bent = 0;
    for (const { position, doc, envelope } of rows) {
      const payload = payloadOf(envelope);
      const update = Buffer.from(payload.update, 'base64url');
      if (ended.has(doc)) {
        database.prepare('DELETE FROM rows WHERE position = ?').run(position);
        continue;
      }
      if (!update.includes(NAME)) continue;
      const changed = Buffer.from(update.toString('latin1').replaceAll(NAME, BENT), 'latin1').toString('base64url');
      const written = await sign({ ...payload, update: changed }, envelope);
      const bytes = Buffer.from((JSON.parse(written) as { payload: string }).payload, 'base64');
      const hash = createHash('sha256').update(bytes).digest('hex');
      database.prepare('UPDATE rows SET hash = ?, envelope = ? WHERE position = ?').run(hash, written, position);
      ended.add(doc);
      bent += 1;
    }
    if (bent === 0) throw new Error('no row holds the name');
  } finally {
    database.close();
  }
}

/** Writes every row anew under another key that names itself as the author, each on the one before, with the name bent. */
async function resignRows(folder: string, by: OpenDevice, author: string): Promise<void> {
  const database = new Database(join(folder, 'durable.db'));
  try {
    const rows = database
      .prepare('SELECT position, doc, writer, envelope, hash FROM rows ORDER BY position')
      .all() as (StoredRow & { hash: string })[];
    const newHash = new Map<string, string>();
    for (const { position, envelope, hash } of rows) {
      const payload = payloadOf(envelope);
      const said = Buffer.from(payload.update, 'base64url').toString('latin1');
      const bent = said.replaceAll(NAME, BENT).replaceAll(author, by.deviceId);
      const text = JSON.stringify({
        ...payload,
        signer: by.deviceId,
        device: by.deviceId,
        prevHash: newHash.get(String(payload.prevHash)) ?? null,
        update: Buffer.from(bent, 'latin1').toString('base64url'),
      });
      const written = await signRaw('row', text, by);
      const named = itemHash(written);
      newHash.set(hash, named);
      database
        .prepare('UPDATE rows SET hash = ?, device = ?, envelope = ? WHERE position = ?')
        .run(named, by.deviceId, JSON.stringify(written), position);
    }
  } finally {
    database.close();
  }
}

const payloadOf = (envelope: string): Payload =>
  JSON.parse(Buffer.from((JSON.parse(envelope) as { payload: string }).payload, 'base64').toString('utf8')) as Payload;

/** What the second replica shows of the fleet once it has spoken to such a core. */
async function shows(cli: { cli: ReturnType<FleetStage['owner']>['cli'] }, name: string): Promise<Verdict> {
  const from = performance.now();
  const listed = await cli.cli(['apps', 'list', '--json']);
  const took = listed.stdout.includes(name);
  const saw = `exit ${listed.code}: ${listed.stdout.trim().slice(0, 200)} ${listed.stderr.trim().slice(0, 200)}`;
  return took ? { took, saw } : { took, saw, refusalMs: [performance.now() - from] };
}

/** A8-39. */
export const forgedRows: AttackRow<FleetStage> = {
  id: 39,
  attacks: [
    {
      name: 'a row of the laptop, changed',
      checks: ['signature'],
      async run(stage) {
        const { folder, other } = await prepare(stage);
        await bendRows(folder, async (payload, old) => {
          const bytes = Buffer.from(JSON.stringify(payload)).toString('base64');
          return JSON.stringify({ ...(JSON.parse(old) as object), payload: bytes });
        });
        await stage.core({ product: await buildWithout(['signature']) });
        return shows(other, BENT);
      },
    },
    {
      name: 'rows by a key of nobody',
      checks: [...ROW_AUTHOR],
      async run(stage) {
        const { folder, other } = await prepare(stage);
        await resignRows(folder, await makeDevice('stranger'), stage.disks.owner.deviceId);
        await stage.core({ product: await buildWithout(ROW_AUTHOR, relaysVoidRows) });
        return shows(other, BENT);
      },
    },
  ],
  honest: [
    {
      name: 'the rows as they were signed',
      async run(stage) {
        const { other } = await prepare(stage);
        await stage.core();
        return shows(other, NAME);
      },
    },
  ],
};

/**
 * Turns single bits of a SQLite file over, one at a time, opens each copy anew and reads all of it:
 * `main.ts FILE KEY COUNT FOLDER`, KEY in hex or `plain`. Tells as JSON how many were noticed, how many changed nothing
 * that is read, and how many were served as if they were true.
 */
import { createHash, randomInt } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What became of the flips. */
export interface Flips {
  readonly flips: number;
  readonly noticed: number;
  readonly unread: number;
  readonly served: number;
  /** Files cut off at a page, and how many of these were noticed. */
  readonly cuts: number;
  readonly cutsNoticed: number;
}

const PAGE = 4_096;

type Keyed = Database.Database & { key(key: Buffer): number };

/** A digest of everything that can be read; throws when the file shows that it is damaged. */
function readAll(path: string, key: string): string {
  const database = new Database(path) as Keyed;
  try {
    if (key !== 'plain') {
      database.pragma("cipher='chacha20'");
      database.key(Buffer.from(`raw:${key}`));
    }
    const digest = createHash('sha256');
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
    for (const name of tables as string[]) {
      digest.update(name);
      for (const row of database.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][])
        for (const value of row) digest.update(Buffer.isBuffer(value) ? value : String(value)).update('|');
    }
    const verdict = database.pragma('integrity_check', { simple: true });
    if (verdict !== 'ok') throw new Error(String(verdict));
    return digest.digest('hex');
  } finally {
    database.close();
  }
}

/** A copy of the same tables without encryption, for the control. */
function writePlain(from: string, key: string, to: string): void {
  const source = new Database(from) as Keyed;
  source.pragma("cipher='chacha20'");
  source.key(Buffer.from(`raw:${key}`));
  const target = new Database(to);
  for (const sql of source
    .prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all())
    target.exec(String(sql));
  for (const name of source
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all())
    for (const row of source.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][])
      target.prepare(`INSERT INTO "${name}" VALUES (${row.map(() => '?').join()})`).run(...row);
  source.close();
  target.close();
}

function judge(path: string, key: string, truth: string): 'noticed' | 'unread' | 'served' {
  try {
    return readAll(path, key) === truth ? 'unread' : 'served';
  } catch {
    return 'noticed';
  }
}

const [, , file = '', key = '', count = '0', folder = '', how = ''] = process.argv;
const victim = join(folder, 'victim.db');
let source = file;
let opens = key;
if (how === 'plain') {
  source = join(folder, 'plain.db');
  rmSync(source, { force: true });
  writePlain(file, key, source);
  opens = 'plain';
}
const whole = readFileSync(source);
const truth = readAll(source, opens);
const seen = { noticed: 0, unread: 0, served: 0 };
for (let turn = 0; turn < Number(count); turn++) {
  const at = randomInt(whole.length);
  const changed = Buffer.from(whole);
  changed[at] = (changed[at] ?? 0) ^ (1 << randomInt(8));
  writeFileSync(victim, changed);
  seen[judge(victim, opens, truth)]++;
}
let cutsNoticed = 0;
const pages = Math.floor(whole.length / PAGE);
for (let page = 0; page < pages; page++) {
  // Page 0: half a page, for an empty file is a new database and the product looks for it apart.
  writeFileSync(victim, whole.subarray(0, page === 0 ? PAGE / 2 : page * PAGE));
  if (judge(victim, opens, truth) === 'noticed') cutsNoticed++;
}
console.log(JSON.stringify({ flips: Number(count), ...seen, cuts: pages, cutsNoticed }));

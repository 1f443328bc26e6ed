import { join } from 'node:path';
import Database from 'better-sqlite3';
import { chainBreaks, sha256 } from './hash-chain.ts';

/** What a node's store holds, and what in it does not fit together. */
export interface NodeSeen {
  readonly fleet: string | null;
  readonly releases: readonly { app: string; number: number; header: string }[];
  readonly trust: number;
  /** Its own chain, as `seq hash`. */
  readonly audit: readonly string[];
  readonly mixed: readonly string[];
}

type Row = Record<string, string | number | null | Buffer>;

/** An accepted release has its body and its objects, and the entry that tells of it was written with it. */
export function probeNode(folder: string): NodeSeen {
  const database = new Database(join(folder, 'node.db'));
  const all = (sql: string): Row[] => database.prepare(sql).all() as Row[];
  const mixed: string[] = [];
  const verdict = database.pragma('integrity_check', { simple: true });
  if (verdict !== 'ok') mixed.push(`SQLite: ${verdict}`);

  const objects = all('SELECT hash, bytes FROM object');
  for (const { hash, bytes } of objects) if (sha256(bytes as Buffer) !== hash) mixed.push(`object ${hash} is another`);
  const held = new Set(objects.map(({ hash }) => hash));
  const audit = all('SELECT * FROM audit ORDER BY seq').map((row) => {
    const { payload } = JSON.parse(String(row.envelope)) as { payload: string };
    const entry = JSON.parse(Buffer.from(payload, 'base64').toString()) as {
      prev: string | null;
      action: string;
      order: string | null;
    };
    return { seq: Number(row.seq), hash: String(row.hash), ...entry };
  });
  mixed.push(...chainBreaks('audit', audit));

  const releases = all('SELECT * FROM release ORDER BY app_id, number');
  for (const { header, number, body, outcome } of releases) {
    // Of a release that is over and followed by another the body is let go.
    if (outcome === null && !held.has(body ?? '')) mixed.push(`release ${number} without its body`);
    const told = audit.filter(({ action, order }) => action === 'accepted' && order === header).length;
    if (told !== 1) mixed.push(`release ${number} is told of ${told} times`);
  }
  for (const { order } of audit.filter(({ action }) => action === 'accepted'))
    if (!releases.some(({ header }) => header === order)) mixed.push('an accepted release is not there');
  for (const { hash } of all('SELECT DISTINCT hash FROM release_object'))
    if (!held.has(hash ?? '')) mixed.push(`an object of a release is not there: ${hash}`);

  const fleet = all("SELECT value FROM setting WHERE key = 'fleet'")[0]?.value;
  const trust = all('SELECT hash FROM trust_entry').length;
  database.close();
  return {
    fleet: fleet === undefined ? null : String(fleet),
    releases: releases.map((one) => ({
      app: String(one.app_id),
      number: Number(one.number),
      header: String(one.header),
    })),
    trust,
    audit: audit.map(({ seq, hash }) => `${seq} ${hash}`),
    mixed,
  };
}

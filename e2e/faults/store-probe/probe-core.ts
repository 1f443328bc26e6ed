import { join } from 'node:path';
import Database from 'better-sqlite3';
import { chainBreaks, sha256 } from './hash-chain.ts';

/** What a core's durable file holds, and what in it does not fit together. */
export interface CoreSeen {
  readonly releases: readonly { app: string; number: number; header: string; body: string }[];
  readonly rows: number;
  readonly objects: readonly string[];
  readonly trust: number;
  readonly audit: number;
  /** Actions that were accepted, in order. */
  readonly actions: readonly string[];
  /** States of all jobs, oldest first. */
  readonly jobs: readonly string[];
  /** What nodes told of their own chains, as `seq hash`. */
  readonly nodeAudit: readonly string[];
  readonly mixed: readonly string[];
}

type Row = Record<string, string | number | null | Buffer>;

/**
 * A change set stands or falls whole: its headers follow each other without a gap, each has its body, its one job and
 * its accepted entry in the audit, and the tip is the last of them.
 */
export function probeCore(folder: string): CoreSeen {
  const database = new Database(join(folder, 'durable.db'));
  const all = (sql: string): Row[] => database.prepare(sql).all() as Row[];
  const mixed: string[] = [];
  const verdict = database.pragma('integrity_check', { simple: true });
  if (verdict !== 'ok') mixed.push(`SQLite: ${verdict}`);

  const objects = all('SELECT hash, bytes FROM objects');
  for (const { hash, bytes } of objects) if (sha256(bytes as Buffer) !== hash) mixed.push(`object ${hash} is another`);
  const held = new Set(objects.map(({ hash }) => hash));
  const headers = all('SELECT * FROM headers ORDER BY app_id, node, number');
  const jobs = all('SELECT header FROM jobs').map(({ header }) => header);
  const changeSets = new Set(all('SELECT id FROM change_sets').map(({ id }) => id));
  const audit = all('SELECT * FROM audit ORDER BY seq').map((row) => ({
    row,
    entry: JSON.parse(String(row.bytes)) as {
      seq: number;
      prev: string | null;
      action: string;
      outcome: string;
      subject: Record<string, string>;
    },
  }));
  const accepted = audit.filter(({ entry }) => entry.outcome === 'accepted');
  const told = accepted.map(({ entry }) => entry.subject.changeSet).filter((id) => id !== undefined);
  mixed.push(
    ...chainBreaks(
      'audit',
      audit.map(({ row, entry }) => ({ seq: Number(row.seq), hash: String(row.hash), prev: entry.prev })),
    ),
  );
  for (const { row } of audit) if (sha256(String(row.bytes)) !== row.hash) mixed.push(`audit ${row.seq} is altered`);

  const last = new Map<string, Row>();
  for (const header of headers) {
    const chain = `${header.app_id} ${header.node}`;
    const before = last.get(chain);
    if (header.number !== Number(before?.number ?? 0) + 1) mixed.push(`release ${header.number} after a gap`);
    if (header.previous !== (before?.hash ?? null)) mixed.push(`release ${header.number} does not follow`);
    if (!held.has(header.body ?? '')) mixed.push(`release ${header.number} without its body`);
    if (jobs.filter((one) => one === header.hash).length !== 1) mixed.push(`release ${header.number} without its job`);
    if (!changeSets.has(header.change_set ?? '')) mixed.push(`release ${header.number} without its change set`);
    if (told.filter((id) => id === header.change_set).length !== 1)
      mixed.push(`release ${header.number} is not told of once in the audit`);
    last.set(chain, header);
  }
  for (const tip of all('SELECT * FROM tips')) {
    const end = last.get(`${tip.app_id} ${tip.node}`);
    if (end?.hash !== tip.header) mixed.push('the tip is not the last release');
  }
  if (changeSets.size !== new Set(headers.map((one) => one.change_set)).size)
    mixed.push('a change set without release');

  const jobStates = all('SELECT state FROM jobs ORDER BY position').map(({ state }) => String(state));
  const nodeAudit = all('SELECT seq, hash FROM node_audit ORDER BY seq').map(({ seq, hash }) => `${seq} ${hash}`);
  const trust = all('SELECT hash FROM trust_entries').length;
  const rows = all('SELECT hash FROM rows').length;
  database.close();
  return {
    releases: headers.map((one) => ({
      app: String(one.app_id),
      number: Number(one.number),
      header: String(one.hash),
      body: String(objects.find(({ hash }) => hash === one.body)?.bytes ?? ''),
    })),
    rows,
    objects: [...held].map(String),
    trust,
    audit: audit.length,
    actions: accepted.map(({ entry }) => entry.action),
    jobs: jobStates,
    nodeAudit,
    mixed,
  };
}

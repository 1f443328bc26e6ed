import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';

export interface AuditEntry {
  readonly seq: number;
  hash: string;
  bytes: string;
}

const hashOf = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');

/** Puts another text in place of an entry of the core's chain, as whoever holds its disk can. */
export function rewriteAudit(folder: string, change: (entries: AuditEntry[]) => readonly AuditEntry[]): void {
  const database = new Database(join(folder, 'durable.db'));
  try {
    const entries = database.prepare('SELECT seq, hash, bytes FROM audit ORDER BY seq').all() as AuditEntry[];
    const changed = change(entries);
    database.exec('DELETE FROM audit');
    const insert = database.prepare('INSERT INTO audit (seq, hash, bytes) VALUES (?, ?, ?)');
    for (const { seq, hash, bytes } of changed) insert.run(seq, hash, bytes);
  } finally {
    database.close();
  }
}

/** An entry that no envelope vouches for, early enough that others follow it. */
function bendOne(entries: AuditEntry[]): number {
  const at = entries.findIndex(({ bytes }, index) => index > 1 && bytes.includes('"envelope":null'));
  const entry = entries[at];
  if (entry === undefined) throw new Error('no entry can be bent');
  const said = JSON.parse(entry.bytes) as { at: string };
  entry.bytes = JSON.stringify({ ...said, at: '2020-01-01T00:00:00.000Z' });
  entry.hash = hashOf(entry.bytes);
  return at;
}

/** The links from one entry on, made anew so that they fit. */
function recompute(entries: AuditEntry[], from: number): void {
  for (let at = from + 1; at < entries.length; at++) {
    const [before, entry] = [entries[at - 1], entries[at]];
    if (before === undefined || entry === undefined) continue;
    entry.bytes = JSON.stringify({ ...(JSON.parse(entry.bytes) as object), prev: before.hash });
    entry.hash = hashOf(entry.bytes);
  }
}

const verify = (stage: FleetStage) => stage.owner().cli(['audit', 'verify', '--json']);

/** A device verifies, the core's disk is rewritten while it is down, and the device verifies again. */
async function verifyAfter(
  stage: FleetStage,
  change: (entries: AuditEntry[]) => readonly AuditEntry[],
): Promise<Verdict> {
  const core = await stage.core();
  await verify(stage);
  await verify(stage);
  core.kill('SIGTERM');
  await core.exited;
  rewriteAudit(core.folder, change);
  await stage.core({ after: 'SIGTERM' });
  const from = performance.now();
  const answer = await verify(stage);
  const verdict = answer.lines.at(-1) as { verdict?: string; findings?: { what: string; seq: number | null }[] };
  const findings = (verdict?.findings ?? []).map(({ what, seq }) => `${what} at ${seq ?? 'the end'}`).join(', ');
  const saw = `exit ${answer.code}, ${verdict?.verdict ?? answer.stderr}; ${findings}`;
  if (answer.code === 0) return { took: true, saw };
  if (verdict?.verdict !== 'broken' || findings === '') throw new Error(`it failed, but not by a finding: ${saw}`);
  return { took: false, saw, refusalMs: [performance.now() - from] };
}

const rewriting = (
  name: string,
  checks: Attack<FleetStage>['checks'],
  change: (entries: AuditEntry[]) => readonly AuditEntry[],
): Attack<FleetStage> => ({ name, checks, run: (stage) => verifyAfter(stage, change) });

/** A8-47. */
export const rewrittenAudit: AttackRow<FleetStage> = {
  id: 47,
  attacks: [
    rewriting('one entry is put into other words', ['audit-links'], (entries) => {
      bendOne(entries);
      return entries;
    }),
    rewriting('one entry is put into other words and the chain is made to fit', ['audit-witness'], (entries) => {
      recompute(entries, bendOne(entries));
      return entries;
    }),
    rewriting('the newest entries are cut off', ['audit-witness'], (entries) => entries.slice(0, -3)),
    rewriting('an entry in the middle is left out', ['audit-links'], (entries) =>
      entries.filter((_, at) => at !== entries.length - 6),
    ),
    rewriting('a second history from some entry on', ['audit-witness'], (entries) => {
      const kept = entries.slice(0, -3);
      const last = kept.at(-1);
      if (last === undefined) throw new Error('the chain is empty');
      const said = JSON.parse(last.bytes) as { seq: number };
      const bytes = JSON.stringify({ ...said, seq: last.seq + 1, prev: last.hash, envelope: null });
      return [...kept, { seq: last.seq + 1, bytes, hash: hashOf(bytes) }];
    }),
  ],
  honest: [
    {
      name: 'a chain that nobody touched, over a restart of the core',
      async run(stage) {
        return verifyAfter(stage, (entries) => entries);
      },
    },
  ],
};

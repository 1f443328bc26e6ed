import type { InsertResult, Kysely } from 'kysely';
import { FaultError, fault } from '#shared/kernel/index.ts';
import type { DurableWrites } from './port.ts';
import type { DurableTables } from './schema.ts';
import { createSqliteReads } from './sqlite-reads.ts';

type WithPosition = Omit<DurableTables, 'trust_entries' | 'rows' | 'jobs' | 'job_transitions'> & {
  [K in 'trust_entries' | 'rows' | 'jobs' | 'job_transitions']: Omit<DurableTables[K], 'position'>;
};

/** The writes of the durable file; the caller holds the transaction (group-commit.ts). */
export function createSqliteWrites(db: Kysely<DurableTables>): DurableWrites {
  // `position` is given by SQLite: inserts leave it out.
  const into = db as unknown as Kysely<WithPosition>;
  return {
    ...createSqliteReads(db),
    async setMeta(key, value) {
      if (value === null) await db.deleteFrom('meta').where('key', '=', key).execute();
      else {
        const insert = db.insertInto('meta').values({ key, value });
        await insert.onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute();
      }
    },
    async addTrust({ hash, envelope }) {
      const insert = into.insertInto('trust_entries').values({ hash, envelope: JSON.stringify(envelope) });
      return inserted(await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst());
    },
    async addRow(row) {
      const insert = into.insertInto('rows').values({ ...row, envelope: JSON.stringify(row.envelope) });
      return inserted(await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst());
    },
    async addObject(hash, bytes) {
      const insert = db.insertInto('objects').values({ hash, bytes });
      return inserted(await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst());
    },
    async addHeader(header) {
      const insert = db.insertInto('headers').values({
        hash: header.hash,
        app_id: header.appId,
        node: header.node,
        number: header.number,
        previous: header.previous,
        body: header.body,
        change_set: header.changeSet,
        envelope: JSON.stringify(header.envelope),
      });
      return inserted(await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst());
    },
    async setTip(appId, node, header) {
      const insert = db.insertInto('tips').values({ app_id: appId, node, header });
      await insert.onConflict((conflict) => conflict.columns(['app_id', 'node']).doUpdateSet({ header })).execute();
    },
    async addChangeSet(changeSet) {
      const values = { ...changeSet, envelope: JSON.stringify(changeSet.envelope) };
      const insert = db.insertInto('change_sets').values(values);
      return inserted(await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst());
    },
    async putJob(job) {
      const values = {
        id: job.id,
        app_id: job.appId,
        node: job.node,
        header: job.header,
        state: job.state,
        record: JSON.stringify(job),
      };
      const insert = into.insertInto('jobs').values(values);
      const change = { state: values.state, record: values.record };
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(change)).execute();
    },
    async addTransition({ job, at, from, to, event }) {
      await into.insertInto('job_transitions').values({ job, at, from_state: from, to_state: to, event }).execute();
    },
    async putEnrolment(enrolment) {
      const record = JSON.stringify(enrolment);
      const insert = db.insertInto('enrolments').values({ admit_hash: enrolment.admitHash, record });
      await insert.onConflict((conflict) => conflict.column('admit_hash').doUpdateSet({ record })).execute();
    },
    async putProposal(proposal) {
      const record = JSON.stringify(proposal);
      const insert = db.insertInto('proposals').values({ id: proposal.id, record });
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet({ record })).execute();
    },
    async removeProposal(id) {
      await db.deleteFrom('proposals').where('id', '=', id).execute();
    },
    async putToken(token) {
      const record = JSON.stringify(token);
      const insert = db.insertInto('tokens').values({ id: token.tokenId, record });
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet({ record })).execute();
    },
    async addAudit(entry) {
      const head = await db.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
      if (entry.seq !== (head?.seq ?? 0) + 1) throw new FaultError(auditGap(entry.seq, head?.seq ?? 0));
      await db.insertInto('audit').values(entry).execute();
    },
    async addNodeAudit(entry) {
      const insert = db.insertInto('node_audit').values({ ...entry, envelope: JSON.stringify(entry.envelope) });
      return inserted(await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst());
    },
  };
}

/** The chain has one writer: a gap is a fault of the program and must not reach the disk. */
export function auditGap(seq: number, head: number) {
  return fault(
    'audit.gap',
    'permanent',
    `Audit entry ${seq} can not follow entry ${head}.`,
    'Report this as a bug of the core and keep its data folder.',
  );
}

function inserted(result: InsertResult): boolean {
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

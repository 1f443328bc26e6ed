import { type Kysely, sql } from 'kysely';
import type { Envelope } from '#shared/trust/index.ts';
import type { DurableReads } from './port.ts';
import type {
  EnrolmentRecord,
  JobRecord,
  JobTransition,
  ProposalRecord,
  StoredHeader,
  TokenRecord,
} from './records.ts';
import type { DurableTables } from './schema.ts';

const envelopeOf = (text: string): Envelope => JSON.parse(text) as Envelope;

/** SQLite refuses more bound values than this in one statement with room to spare. */
const MAX_BOUND = 500;

/** The reads of the durable file over one connection. */
export function createSqliteReads(db: Kysely<DurableTables>): DurableReads {
  return {
    async getMeta(key) {
      return (await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value;
    },
    async listTrust() {
      const rows = await db.selectFrom('trust_entries').selectAll().orderBy('position').execute();
      return rows.map((row) => ({ hash: row.hash, envelope: envelopeOf(row.envelope) }));
    },
    async listRows() {
      const rows = await db.selectFrom('rows').selectAll().orderBy('position').execute();
      return rows.map(({ position: _, ...row }) => ({ ...row, envelope: envelopeOf(row.envelope) }));
    },
    async getObject(hash) {
      return (await db.selectFrom('objects').select('bytes').where('hash', '=', hash).executeTakeFirst())?.bytes;
    },
    async heldObjects(hashes) {
      const held = new Set<string>();
      for (let from = 0; from < hashes.length; from += MAX_BOUND) {
        const part = hashes.slice(from, from + MAX_BOUND);
        const rows = await db.selectFrom('objects').select('hash').where('hash', 'in', part).execute();
        for (const row of rows) held.add(row.hash);
      }
      return held;
    },
    async getHeader(hash) {
      const row = await db.selectFrom('headers').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row && rowToHeader(row);
    },
    async listHeaders({ appId, node }) {
      let query = db.selectFrom('headers').selectAll();
      if (appId !== undefined) query = query.where('app_id', '=', appId);
      if (node !== undefined) query = query.where('node', '=', node);
      return (await query.orderBy('app_id').orderBy('node').orderBy('number').orderBy('hash').execute()).map(
        rowToHeader,
      );
    },
    async getTip(appId, node) {
      const query = db.selectFrom('tips').select('header').where('app_id', '=', appId).where('node', '=', node);
      return (await query.executeTakeFirst())?.header;
    },
    async getChangeSet(id) {
      const row = await db.selectFrom('change_sets').selectAll().where('id', '=', id).executeTakeFirst();
      return row && { ...row, verb: row.verb as JobRecord['verb'], envelope: envelopeOf(row.envelope) };
    },
    async getJob(id) {
      const row = await db.selectFrom('jobs').select('record').where('id', '=', id).executeTakeFirst();
      return row && (JSON.parse(row.record) as JobRecord);
    },
    async getJobByHeader(header) {
      const row = await db.selectFrom('jobs').select('record').where('header', '=', header).executeTakeFirst();
      return row && (JSON.parse(row.record) as JobRecord);
    },
    async listJobs({ state, appId, node, limit }) {
      let query = db.selectFrom('jobs').select('record');
      if (state !== undefined) query = query.where('state', '=', state);
      if (appId !== undefined) query = query.where('app_id', '=', appId);
      if (node !== undefined) query = query.where('node', '=', node);
      query = query.orderBy('position', 'desc');
      if (limit !== undefined) query = query.limit(limit);
      return (await query.execute()).map((row) => JSON.parse(row.record) as JobRecord);
    },
    async listTransitions(job) {
      const rows = await db
        .selectFrom('job_transitions')
        .selectAll()
        .where('job', '=', job)
        .orderBy('position')
        .execute();
      return rows.map((row) => ({
        job: row.job,
        at: row.at,
        from: row.from_state as JobTransition['from'],
        to: row.to_state as JobTransition['to'],
        event: row.event,
      }));
    },
    async getEnrolment(admitHash) {
      const query = db.selectFrom('enrolments').select('record').where('admit_hash', '=', admitHash);
      const row = await query.executeTakeFirst();
      return row && (JSON.parse(row.record) as EnrolmentRecord);
    },
    async listEnrolments() {
      const rows = await db.selectFrom('enrolments').select('record').execute();
      return rows.map((row) => JSON.parse(row.record) as EnrolmentRecord).sort(byExpiry);
    },
    async getProposal(id) {
      const row = await db.selectFrom('proposals').select('record').where('id', '=', id).executeTakeFirst();
      return row && (JSON.parse(row.record) as ProposalRecord);
    },
    async listTokens() {
      const rows = await db.selectFrom('tokens').select('record').orderBy('id').execute();
      return rows.map((row) => JSON.parse(row.record) as TokenRecord);
    },
    async listProposals() {
      const rows = await db.selectFrom('proposals').select('record').execute();
      return rows.map((row) => JSON.parse(row.record) as ProposalRecord).sort(byCreation);
    },
    async auditHead() {
      return db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst();
    },
    async getAuditEntry(hash) {
      return db.selectFrom('audit').selectAll().where('hash', '=', hash).executeTakeFirst();
    },
    async listAudit(after, limit) {
      return db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute();
    },
    async listNewestAudit(after, before, limit) {
      const between = db.selectFrom('audit').selectAll().where('seq', '>', after).where('seq', '<', before);
      return between.orderBy('seq', 'desc').limit(limit).execute();
    },
    async nodeAuditHead(node) {
      const query = db.selectFrom('node_audit').selectAll().where('node', '=', node).orderBy('seq', 'desc').limit(1);
      const row = await query.executeTakeFirst();
      return row && { ...row, envelope: envelopeOf(row.envelope) };
    },
    async nodeAuditHeads(nodes) {
      // Each by a look-up of its own: grouping would walk every entry of every chain.
      const { rows } = await sql<DurableTables['node_audit']>`
        SELECT entry.* FROM json_each(${JSON.stringify(nodes)}) AS asked
        JOIN node_audit AS entry ON entry.node = asked.value
        AND entry.seq = (SELECT MAX(seq) FROM node_audit WHERE node = asked.value)`.execute(db);
      return new Map(rows.map((row) => [row.node, { ...row, envelope: envelopeOf(row.envelope) }]));
    },
    async listNodeAudit(node, after, limit) {
      const rows = await db
        .selectFrom('node_audit')
        .selectAll()
        .where('node', '=', node)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, envelope: envelopeOf(row.envelope) }));
    },
  };
}

/** Lists of enrolments go by expiry, then by hash, so that every store tells them in one order. */
export function byExpiry(a: EnrolmentRecord, b: EnrolmentRecord): number {
  return a.expiresAt.localeCompare(b.expiresAt) || a.admitHash.localeCompare(b.admitHash);
}

/** Lists of proposals go by creation. */
export function byCreation(a: ProposalRecord, b: ProposalRecord): number {
  return a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}

function rowToHeader(row: DurableTables['headers']): StoredHeader {
  return {
    hash: row.hash,
    appId: row.app_id,
    node: row.node,
    number: row.number,
    previous: row.previous,
    body: row.body,
    changeSet: row.change_set,
    envelope: envelopeOf(row.envelope),
  };
}

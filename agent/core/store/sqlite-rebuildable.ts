import type { Kysely } from 'kysely';
import type { RebuildableStore } from './port.ts';
import type { JobStep } from './records.ts';
import type { RebuildableTables } from './schema.ts';

/** Observed state, sightings and step logs in the file that is synced only now and then. */
export function createSqliteRebuildable(db: Kysely<RebuildableTables>): RebuildableStore {
  const intoSteps = db as unknown as Kysely<{ steps: Omit<RebuildableTables['steps'], 'position'> }>;
  return {
    async putObserved(node, envelope) {
      const insert = db.insertInto('observed').values({ node, envelope });
      await insert.onConflict((conflict) => conflict.column('node').doUpdateSet({ envelope })).execute();
    },
    async listObserved() {
      return db.selectFrom('observed').selectAll().orderBy('node').execute();
    },
    async putSighting({ node, at, facts }) {
      const insert = db.insertInto('sightings').values({ node, at, facts });
      await insert.onConflict((conflict) => conflict.column('node').doUpdateSet({ at, facts })).execute();
    },
    async listSightings() {
      return db.selectFrom('sightings').selectAll().orderBy('node').execute();
    },
    async addStep(job, { name, state, at, text }) {
      await intoSteps.insertInto('steps').values({ job, name, state, at, text }).execute();
    },
    async listSteps(jobs) {
      const found = new Map<string, JobStep[]>();
      for (let from = 0; from < jobs.length; from += 500) {
        const part = jobs.slice(from, from + 500);
        const rows = await db.selectFrom('steps').selectAll().where('job', 'in', part).orderBy('position').execute();
        for (const { job, name, state, at, text } of rows) {
          const list = found.get(job) ?? [];
          list.push({ name, state, at, text } as JobStep);
          found.set(job, list);
        }
      }
      return found;
    },
  };
}

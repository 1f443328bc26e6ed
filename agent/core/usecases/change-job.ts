import type { Job } from '#shared/contracts/rest/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { JobChange } from '../jobs/job-machine.ts';
import { unknownJob } from '../jobs/job-runner.ts';
import type { JobRecord, JobsQuery } from '../store/records.ts';
import { type Asker, actorOf, type Caller, type Reach, reachOf, requireRight } from './caller.ts';

/** Retries or cancels a job. */
export async function changeJob(core: Core, caller: Caller, id: string, type: 'retry' | 'cancel'): Promise<Job> {
  const act: Act = { actor: actorOf(caller), action: `job.${type}`, subject: { job: id }, envelope: null };
  let change: JobChange | null = null;
  await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const job = await core.store.durable.read.getJob(id);
    if (job === undefined) throw new FaultError(unknownJob(id));
    requireRight(core, caller, job.verb, { node: job.node, appId: job.appId });
    act.subject.app = job.appId;
    return async (tx) => {
      change = await core.jobs.applyEvent(tx, id, { type });
    };
  });
  core.jobs.settle([change]);
  return showJob(core, caller, id);
}

/** One job with its steps. A token sees those within its reach, and what became of its own proposals. */
export async function showJob(core: Core, asker: Asker, id: string): Promise<Job> {
  const job = await core.store.durable.read.getJob(id);
  if (job === undefined || !(await isShown(core, asker, job))) throw new FaultError(unknownJob(id));
  return core.jobs.view(job);
}

async function isShown(core: Core, asker: Asker, job: JobRecord): Promise<boolean> {
  if (!('held' in asker)) return true;
  const { tokenId } = asker.held;
  const proposals = await core.store.durable.read.listProposals();
  if (proposals.some(({ by, jobs }) => by.id === tokenId && jobs.includes(job.id))) return true;
  return reachOf(asker).app(job.appId, job.node);
}

/** Jobs within reach, newest first. */
export async function listJobs(core: Core, reach: Reach, query: JobsQuery): Promise<Job[]> {
  const { state, appId, limit = 100 } = query;
  const found = await core.store.durable.read.listJobs({ state, appId, ...(reach.isAll ? { limit } : {}) });
  return core.jobs.views(found.filter((job) => reach.app(job.appId, job.node)).slice(0, limit));
}

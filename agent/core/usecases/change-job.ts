import type { Job } from '#shared/contracts/rest/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { JobChange } from '../jobs/job-machine.ts';
import { unknownJob } from '../jobs/job-runner.ts';
import { actorOf, type Caller, requireRight } from './caller.ts';

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
  return showJob(core, id);
}

/** One job with its steps. */
export async function showJob(core: Core, id: string): Promise<Job> {
  const job = await core.store.durable.read.getJob(id);
  if (job === undefined) throw new FaultError(unknownJob(id));
  return core.jobs.view(job);
}

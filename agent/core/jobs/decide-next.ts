import type { JobRecord } from '../store/records.ts';

export interface QueueView {
  /** Oldest first. */
  readonly queued: readonly JobRecord[];
  readonly running: readonly JobRecord[];
  isOnline(node: string): boolean;
  /** State of the job that carries a header, as far as it is known. */
  stateOf(header: string): { state: JobRecord['state']; outcome: JobRecord['outcome'] } | undefined;
}

/** What to do with one queued job now. */
export type QueueDecision =
  | { readonly job: JobRecord; readonly do: 'send' }
  | { readonly job: JobRecord; readonly do: 'wait'; readonly for: 'node' | 'app' | 'dependency'; readonly on: string }
  | { readonly job: JobRecord; readonly do: 'fail'; readonly dependency: string };

/**
 * Decides over the whole queue: at most one running job for one (app, node), in the order they came, each only
 * after the releases that its own change set names have succeeded.
 */
export function decideNext(view: QueueView): QueueDecision[] {
  const busy = new Map(view.running.map((job) => [`${job.appId}/${job.node}`, job.id]));
  return view.queued.map((job) => {
    const key = `${job.appId}/${job.node}`;
    const blocker = busy.get(key);
    if (blocker === undefined) busy.set(key, job.id);
    const failed = job.after.find((header) => isLost(view.stateOf(header)));
    if (failed !== undefined) return { job, do: 'fail', dependency: failed };
    if (blocker !== undefined) return { job, do: 'wait', for: 'app', on: blocker };
    const pending = job.after.find((header) => view.stateOf(header)?.outcome !== 'succeeded');
    if (pending !== undefined) return { job, do: 'wait', for: 'dependency', on: pending };
    if (!view.isOnline(job.node)) return { job, do: 'wait', for: 'node', on: job.node };
    return { job, do: 'send' };
  });
}

/** A dependency that ended otherwise than well will not succeed by waiting. */
function isLost(found: ReturnType<QueueView['stateOf']>): boolean {
  if (found === undefined) return true;
  return (
    (found.state === 'failed' || found.state === 'cancelled' || found.state === 'done') && found.outcome !== 'succeeded'
  );
}

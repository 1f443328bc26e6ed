import type { JobRow, NodeRow } from '#shared/contracts/ipc/index.ts';

/** Something that the person is told of even with the window closed, and the screen that shows it. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly path: string;
}

type Job = Pick<JobRow, 'id' | 'state' | 'verb' | 'appName' | 'outcome'>;
type Node = Pick<NodeRow, 'id' | 'name' | 'status'>;

/**
 * What is worth a notification between two looks at the fleet: a job that was at work and failed, a node that was
 * online and is not. What was so at the first look already is no news, and neither is a node while the core is away.
 */
export function decideNotices(
  before: { readonly jobs: ReadonlyMap<string, Job>; readonly nodes: ReadonlyMap<string, Node> },
  after: { readonly jobs: ReadonlyMap<string, Job>; readonly nodes: ReadonlyMap<string, Node> },
): Notice[] {
  const notices: Notice[] = [];
  for (const job of after.jobs.values()) {
    if (!isAtWork(before.jobs.get(job.id)) || isAtWork(job) || !wentWrong(job)) continue;
    notices.push({
      title: `${job.appName}: ${job.verb} ${job.outcome === 'rolled-back' ? 'went back to the last good release' : 'failed'}`,
      body: 'Open Overseer to see the step that failed and what to do.',
      path: `/jobs/${job.id}`,
    });
  }
  for (const node of after.nodes.values()) {
    if (node.status === 'offline' && before.nodes.get(node.id)?.status === 'online') {
      notices.push({
        title: `${node.name} is offline`,
        body: 'Its apps keep running there if the server does; changes wait for it.',
        path: `/nodes/${node.id}`,
      });
    }
  }
  return notices;
}

function isAtWork(job: Job | undefined): boolean {
  return job?.state === 'queued' || job?.state === 'running';
}

function wentWrong(job: Job): boolean {
  return (
    job.state === 'failed' || job.outcome === 'failed' || job.outcome === 'rolled-back' || job.outcome === 'refused'
  );
}

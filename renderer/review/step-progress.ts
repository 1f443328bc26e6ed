import type { StepState } from '#renderer/ui/index.ts';
import type { Job, JobStep } from '#shared/contracts/rest/jobs.ts';

/** One step of a job, gathered from all that was told of it. */
export interface StepView {
  readonly id: string;
  readonly name: JobStep['name'];
  readonly state: StepState;
  readonly text: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

const states: Record<JobStep['state'], StepState> = {
  started: 'running',
  progress: 'running',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

/** A job's steps in order, one for each run of a step: `started`, `progress` and its end are one. */
export function jobSteps(job: Pick<Job, 'steps' | 'endedAt'>): StepView[] {
  const views: StepView[] = [];
  for (const step of job.steps) {
    const state = states[step.state];
    const last = views.findLastIndex(({ name, state: own }) => name === step.name && own === 'running');
    const before = views[last];
    const view: StepView = {
      id: before?.id ?? `${step.name} ${views.length}`,
      name: step.name,
      state,
      text: shortDigests(step.text) || (state === 'running' ? (before?.text ?? '') : ''),
      startedAt: before?.startedAt ?? step.at,
      endedAt: state === 'running' ? null : step.at,
    };
    if (step.name !== 'queue' && step.name !== 'send') endSending(views, step.at);
    if (before) views[last] = view;
    else views.push(view);
  }
  // A job that is over has nothing at work, whatever the last message was.
  return job.endedAt === null
    ? views
    : views.map((view) => (view.state === 'running' ? { ...view, state: 'skipped', endedAt: job.endedAt } : view));
}

/** A digest is told apart by its beginning; the log of the job has all of it. */
function shortDigests(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, '$1…');
}

/** The core can not know when an order has arrived: the node's first word on it says so. */
function endSending(views: StepView[], at: string): void {
  const index = views.findLastIndex(({ name, state }) => name === 'send' && state === 'running');
  const sending = views[index];
  if (sending) views[index] = { ...sending, state: 'done', endedAt: at };
}

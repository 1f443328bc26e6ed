import type { JobOutcome, JobState } from '#shared/contracts/rest/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { JobRecord } from '../store/records.ts';

/** What can happen to a job. */
export type JobEvent =
  /** The release leaves for its node. */
  | { readonly type: 'sent' }
  /** The node told how it ended; `probe` when the public addresses are to be tried before the job is done. */
  | {
      readonly type: 'outcome';
      readonly outcome: JobOutcome;
      readonly awayMs: number | null;
      readonly fault: Fault | null;
      readonly probe: boolean;
    }
  | { readonly type: 'probed' }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' }
  /** A release that this one waits for did not succeed. */
  | { readonly type: 'dependency-failed'; readonly fault: Fault }
  /** The core can not put the release together any more. */
  | { readonly type: 'undeliverable'; readonly fault: Fault };

/** What the runner does after the new state is durable. */
export type JobEffect = 'transmit' | 'probe' | 'schedule';

export interface JobChange {
  readonly job: JobRecord;
  readonly effects: readonly JobEffect[];
}

type Rule = (job: JobRecord, event: never, at: string) => Result<JobChange | null>;

/** Changes nothing: the event repeats what is known, or came too late to matter. */
const ignore: Rule = () => ok(null);

const refuse =
  (code: string, message: string, next: string): Rule =>
  (job) =>
    err(fault(code, 'conflict', `${message} Job ${job.id} is ${job.state}.`, next));

const tooLateToCancel = refuse(
  'job.not-queued',
  'Only a queued job can be cancelled.',
  'Deploy another release, or `overseer apps rollback`.',
);
const notFailed = refuse(
  'job.not-failed',
  'Only a failed job can be tried again.',
  'Deploy anew if you want a change.',
);

/** The total table: every state answers every event. */
export const jobRules: Readonly<Record<JobState, Readonly<Record<JobEvent['type'], Rule>>>> = {
  queued: {
    sent: start,
    // A node may know the answer already, for instance after the core was restored.
    outcome: end,
    probed: ignore,
    cancel: (job, _event, at) => ok({ job: { ...job, state: 'cancelled', endedAt: at }, effects: ['schedule'] }),
    retry: notFailed,
    'dependency-failed': failUnsent,
    undeliverable: failUnsent,
  },
  running: {
    sent: (job) => ok(job.outcome === null ? { job, effects: ['transmit'] } : null),
    outcome: end,
    probed: (job, _event, at) =>
      ok(job.outcome === null ? null : { job: { ...job, state: 'done', endedAt: at }, effects: ['schedule'] }),
    cancel: tooLateToCancel,
    retry: notFailed,
    'dependency-failed': ignore,
    undeliverable: (job, event, at) => (job.outcome === null ? failUnsent(job, event, at) : ok(null)),
  },
  failed: {
    sent: ignore,
    outcome: ignore,
    probed: ignore,
    cancel: tooLateToCancel,
    retry: decideRetry,
    'dependency-failed': ignore,
    undeliverable: ignore,
  },
  done: {
    sent: ignore,
    outcome: ignore,
    probed: ignore,
    cancel: tooLateToCancel,
    retry: notFailed,
    'dependency-failed': ignore,
    undeliverable: ignore,
  },
  cancelled: {
    sent: ignore,
    outcome: ignore,
    probed: ignore,
    cancel: ignore,
    retry: notFailed,
    'dependency-failed': ignore,
    undeliverable: ignore,
  },
};

/** The job after an event, with what to do next; null when nothing changes. `at` is ISO time. */
export function decideJob(job: JobRecord, event: JobEvent, at: string): Result<JobChange | null> {
  return jobRules[job.state][event.type](job, event as never, at);
}

function start(job: JobRecord, _event: never, at: string): Result<JobChange> {
  const startedAt = job.startedAt ?? at;
  return ok({ job: { ...job, state: 'running', startedAt, endedAt: null }, effects: ['transmit'] });
}

function end(job: JobRecord, event: JobEvent & { type: 'outcome' }, at: string): Result<JobChange | null> {
  if (job.outcome !== null) return ok(null);
  const { outcome, awayMs, fault: why } = event;
  const ended: JobRecord = { ...job, startedAt: job.startedAt ?? at, outcome, awayMs, fault: why };
  if (outcome === 'succeeded' && event.probe) return ok({ job: { ...ended, state: 'running' }, effects: ['probe'] });
  const good = outcome === 'succeeded' || outcome === 'superseded';
  return ok({ job: { ...ended, state: good ? 'done' : 'failed', endedAt: at }, effects: ['schedule'] });
}

function failUnsent(
  job: JobRecord,
  event: JobEvent & { type: 'dependency-failed' | 'undeliverable' },
  at: string,
): Result<JobChange> {
  return ok({ job: { ...job, state: 'failed', fault: event.fault, endedAt: at }, effects: ['schedule'] });
}

/** The same signed bytes may go out again only where the node has not judged them. */
function decideRetry(job: JobRecord): Result<JobChange> {
  const onlyDelivery = (job.outcome === null || job.outcome === 'refused') && job.fault?.kind === 'transient';
  if (!onlyDelivery) {
    return err(
      fault(
        'job.judged',
        'conflict',
        `Job ${job.id} ended with ${job.outcome ?? job.fault?.code ?? 'a failure'}; a node never tries the same signed release twice.`,
        'Mend the cause and deploy anew: that signs a new release.',
      ),
    );
  }
  const again: JobRecord = { ...job, state: 'queued', outcome: null, fault: null, awayMs: null, endedAt: null };
  return ok({ job: again, effects: ['schedule'] });
}

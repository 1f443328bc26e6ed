import type { Job, JobStep } from '#shared/contracts/rest/index.ts';
import { type Fleet, isEnded, lookAfterNode, watchEvents } from '#shared/device/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import { formatClock, formatDuration } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import type { Tone } from '../output/style.ts';

/** Follows a job to its end and shows each step with its time. A core that restarts meanwhile is waited for. */
export async function followJob(
  context: CliContext,
  fleet: Fleet,
  jobId: string,
  untilMs = Number.POSITIVE_INFINITY,
): Promise<Result<Job>> {
  const printer = createStepPrinter(context.out);
  let saidWaiting = false;
  const read = async (): Promise<Result<Job | undefined>> => {
    const job = await fleet.client.call('showJob', { params: { id: jobId } });
    if (!job.ok) return job;
    for (const step of job.value.steps) printer.show(step);
    if (job.value.state === 'queued' && !saidWaiting) {
      saidWaiting = true;
      await sayWhatFor(context, fleet, job.value);
    }
    // A node that starts while its release waits takes it once somebody vouches; this device is there.
    await lookAfterNode(context, fleet, job.value.node);
    return ok(isEnded(job.value) ? job.value : undefined);
  };
  const ended = await watchEvents<Job>(fleet.client, {
    signal: context.signal,
    clock: context.clock,
    timers: context.timers,
    untilMs,
    read,
    take: async (event) => {
      if (event.type === 'node' && event.data.hold?.nonce) await lookAfterNode(context, fleet, event.data.nodeId);
      if (event.type === 'step' && event.data.job === jobId) printer.show(event.data.step);
      if (event.type !== 'job' || event.data.id !== jobId || !isEnded(event.data)) return undefined;
      // The event may be older than the last step; the job itself has them all.
      const whole = await read();
      return whole.ok ? (whole.value ?? event.data) : event.data;
    },
  });
  context.out.status(null);
  if (!ended.ok) return ended;
  return ended.value ? ok(ended.value) : err(stillRuns(jobId));
}

/** A job that is queued while its node is away waits for hours, not seconds: the person should know. */
async function sayWhatFor(context: CliContext, fleet: Fleet, job: Job): Promise<void> {
  const node = await fleet.client.call('showNode', { params: { id: job.node } });
  if (!node.ok || node.value.status === 'online') return context.out.status('queued …');
  context.out.note(
    `${node.value.name} is offline; the release is signed and waits up to 24 hours for it. Ctrl-C leaves it queued.`,
    'warn',
  );
  context.out.status(`waiting for node ${node.value.name} …`);
}

/** The time that a command was to wait is over, and the job is not. */
export function stillRuns(jobId: string): Fault {
  return fault(
    'job.still-runs',
    'transient',
    `job ${jobId} has not ended yet; it goes on`,
    `Look at it with \`overseer jobs show ${jobId}\`.`,
  );
}

interface StepPrinter {
  show(step: JobStep): void;
}

/** Shows each step once, however often and from wherever it is told. */
export function createStepPrinter(out: Output): StepPrinter {
  const seen = new Set<string>();
  const startedMs = new Map<string, number>();
  return {
    show(step) {
      const key = `${step.name} ${step.state} ${step.at} ${step.text}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (step.state === 'started') startedMs.set(step.name, Date.parse(step.at));
      if (step.state === 'progress' || (step.state === 'started' && out.interactive)) {
        out.status(`${step.name}: ${step.text || '…'}`);
        return;
      }
      out.line(stepLine(step, startedMs.get(step.name)), stepTone(step));
    },
  };
}

/** `07:12:03  pull         done     12.3 s  redis:8 …` */
export function stepLine(step: JobStep, startedMs: number | undefined): string {
  const took =
    startedMs === undefined || step.state === 'started'
      ? ''
      : formatDuration(Math.max(0, Date.parse(step.at) - startedMs));
  return `${formatClock(step.at)}  ${step.name.padEnd(11)}  ${step.state.padEnd(7)}  ${took.padStart(9)}  ${step.text}`.trimEnd();
}

function stepTone(step: JobStep): Tone {
  if (step.state === 'failed') return 'bad';
  return step.state === 'done' ? 'plain' : 'dim';
}

import type { Job, Proposal } from '#shared/contracts/rest/index.ts';
import { type CoreClient, interrupted, isEnded, jobFault, pause } from '#shared/device/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { formatDuration } from '../output/format.ts';
import { createStepPrinter, stillRuns } from '../releases/follow-jobs.ts';

/** Between two looks: a token reads no events. */
const LOOK_MS = 2_000;
/** How long the core may be away before the wait is given up. */
const AWAY_MS = 120_000;

/** What waiting takes of a command. */
type WaitContext = Pick<CliContext, 'clock' | 'timers' | 'signal' | 'out'>;

/**
 * Waits until a proposal is settled and its jobs have ended, or until the time is over. Exits 0 when all went well, 1 when it
 * failed, was declined or expired, 75 when it still awaits a signature.
 */
export async function waitForProposal(
  context: WaitContext,
  client: CoreClient,
  id: string,
  minutes: number,
): Promise<Result<Done>> {
  const untilMs = context.clock.nowMs() + minutes * 60_000;
  const look = patiently(context);
  context.out.status('awaiting a signature …');
  for (;;) {
    const read = await look(() => client.call('showProposal', { params: { id } }));
    if (!read.ok) return read;
    const proposal = read.value;
    if (proposal?.state === 'accepted') return followJobs(context, client, proposal, untilMs);
    if (proposal && proposal.state !== 'awaiting-signature') return tellRefused(proposal);
    if (context.clock.nowMs() >= untilMs) {
      const error = awaitingSignature(id);
      return done({ proposal: proposal ?? { id }, error }, (out) => out.fault(error), EXIT.awaitingSignature);
    }
    await pause(context.timers, LOOK_MS, context.signal);
    if (context.signal.aborted) return err(interrupted());
  }
}

async function followJobs(
  context: WaitContext,
  client: CoreClient,
  proposal: Proposal,
  untilMs: number,
): Promise<Result<Done>> {
  const printer = createStepPrinter(context.out);
  const look = patiently(context);
  const jobs: Job[] = [];
  for (const id of proposal.jobs) {
    for (;;) {
      const read = await look(() => client.call('showJob', { params: { id } }));
      if (!read.ok) return read;
      const job = read.value;
      for (const step of job?.steps ?? []) printer.show(step);
      if (job && isEnded(job)) {
        jobs.push(job);
        break;
      }
      if (context.clock.nowMs() >= untilMs) return err(stillRuns(id));
      await pause(context.timers, LOOK_MS, context.signal);
      if (context.signal.aborted) return err(interrupted());
    }
  }
  return tellEnd(proposal, jobs);
}

/** A core that restarts meanwhile is waited for: undefined is no answer yet. */
function patiently({ clock }: WaitContext) {
  let awaySinceMs: number | undefined;
  return async <T>(ask: () => Promise<Result<T>>): Promise<Result<T | undefined>> => {
    const answer = await ask();
    if (answer.ok) {
      awaySinceMs = undefined;
      return answer;
    }
    if (answer.error.kind !== 'transient' || answer.error.code === 'cli.interrupted') return answer;
    awaySinceMs ??= clock.nowMs();
    return clock.nowMs() - awaySinceMs > AWAY_MS ? answer : ok(undefined);
  };
}

function tellRefused(proposal: Proposal): Result<Done> {
  const error = proposal.state === 'declined' ? declined(proposal) : expired(proposal);
  return done({ proposal, error }, (out) => out.fault(error), EXIT.failed);
}

function tellEnd(proposal: Proposal, jobs: readonly Job[]): Result<Done> {
  const error = jobs.map(jobFault).find((one) => one !== undefined);
  return done(
    { proposal, jobs, ...(error ? { error } : {}) },
    (out) => {
      if (error) return out.fault(error);
      for (const { appName, number, awayMs } of jobs) {
        const away = awayMs === null ? '' : `, away ${formatDuration(awayMs)}`;
        out.line(`${appName}: accepted and done (release ${number}${away})`, 'good');
      }
    },
    error ? EXIT.failed : EXIT.ok,
  );
}

/** What exit code 75 says. */
export function awaitingSignature(id: string): Fault {
  return fault(
    'cli.awaiting-signature',
    'transient',
    `the proposal ${id} is not signed yet`,
    `A device accepts it with \`overseer proposals accept ${id}\`; wait on with \`overseer proposals show ${id} --wait\`.`,
    { detail: { proposal: id } },
  );
}

function declined({ id, settled }: Proposal): Fault {
  const reason = settled?.reason ? `: ${settled.reason}` : '';
  const next = 'Ask who declined it; what is still wanted is proposed again.';
  return fault('proposal.declined', 'denied', `the proposal ${id} was declined${reason}`, next);
}

function expired({ id, expiresAt }: Proposal): Fault {
  const next = 'Propose it again, and have a device look at it in time.';
  return fault('proposal.expired', 'denied', `nobody signed the proposal ${id} until ${expiresAt}`, next);
}

import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import type { ApplyOutcome } from '../apply/request.ts';
import type { StoredRelease } from '../store/release-store.ts';
import type { Applier } from './applier-port.ts';
import type { NodeContext } from './node-context.ts';
import { finishRelease, sendStep } from './outcome.ts';
import { toApplyRequest } from './release-request.ts';

export interface ApplyDeps {
  readonly context: NodeContext;
  readonly applier: Applier;
  /** Ends when the node stops: an interrupted release has no outcome and goes on at the next start. */
  readonly signal: AbortSignal;
  /** Resolves early when the signal ends. */
  pause(ms: number): Promise<void>;
}

const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 30_000;

/**
 * Carries one accepted release to its outcome. A release that a newer one has overtaken is superseded without an effect.
 * While the engine is absent nothing is decided: it is tried again, with the fault in the job's steps.
 */
export async function applyAcceptedRelease(deps: ApplyDeps, header: string): Promise<void> {
  const { context } = deps;
  for (let retryMs = FIRST_RETRY_MS; !deps.signal.aborted; retryMs = Math.min(MAX_RETRY_MS, retryMs * 2)) {
    const release = context.store.releases.get(header);
    if (release === undefined || release.outcome !== null) return;
    const newest = context.store.releases.newest(release.appId);
    if (newest && newest.number > release.number) {
      context.log(`Release ${release.number} of ${release.appId} was overtaken by ${newest.number}.`);
      return finishRelease(context, release, { outcome: 'superseded', digests: {}, awayMs: null, fault: null });
    }
    const did: Record<string, string> = {};
    const ended = await attempt(deps, release, did);
    if (deps.signal.aborted) return;
    if (ended.fault?.code === 'engine.absent') {
      context.log(`${ended.fault.message} Trying again in ${retryMs / 1000} s.`);
      const text = `${ended.fault.message} ${ended.fault.next} The node tries again by itself.`;
      sendStep(context, release, { step: 'verify', state: 'progress', text });
      await deps.pause(retryMs);
      continue;
    }
    await finishRelease(context, release, ended, did);
    context.store.releases.sweepObjects();
    context.log(`Release ${release.number} of ${release.appId}: ${ended.outcome}${why(ended.fault)}`);
    return;
  }
}

/** Steps that change something outside the node's own folders: the entry of the outcome tells them (P8). */
const EFFECTS: readonly string[] = ['start', 'stop', 'remove', 'network', 'route', 'dns', 'rollback'];

/** `did` takes the last word on each effect. */
async function attempt(deps: ApplyDeps, release: StoredRelease, did: Record<string, string>): Promise<ApplyOutcome> {
  const request = toApplyRequest(deps.context, release, deps.signal);
  if (!request.ok) return failed(request.error);
  try {
    return await deps.applier.apply(request.value, (event) => {
      const isEnd = event.state === 'done' || event.state === 'failed';
      if (isEnd && EFFECTS.includes(event.step)) did[event.step] = event.text;
      sendStep(deps.context, release, event);
    });
  } catch (cause) {
    if (cause instanceof FaultError) return failed(cause.fault);
    deps.context.log(`Applying ${release.header} broke: ${cause instanceof Error ? cause.stack : String(cause)}`);
    return failed(
      fault(
        'node.apply-broke',
        'permanent',
        `The node failed while applying the release: ${cause instanceof Error ? cause.message : String(cause)}`,
        'Look at the node’s log; deploy again. If it repeats, report it as a defect of Overseer.',
      ),
    );
  }
}

function failed(value: Fault): ApplyOutcome {
  return { outcome: 'failed', digests: {}, awayMs: null, fault: value };
}

function why(value: Fault | null): string {
  return value === null ? '.' : ` (${value.code}: ${value.message})`;
}

import type { Policies } from '#shared/domain/apps/index.ts';
import { err, type Fault, ok, type Result } from '#shared/kernel/index.ts';
import type { PreparedModel } from '../compose/prepared.ts';
import type { ContainerState } from '../engine/engine.ts';
import type { ApplierContext } from './context.ts';
import { decideHealth, notHealthyInTime } from './health.ts';

const POLL_MS = 250;
/** A failing health check may be one missed beat; longer than this it is the app. */
const SICK_FOR_MS = 3_000;

/** What a wait for health needs to know. */
export interface HealthWait {
  readonly appId: string;
  readonly model: PreparedModel;
  readonly policies: Policies;
  readonly signal: AbortSignal;
  /** When the start began: the time-out counts from there. */
  readonly startedMs: number;
  /** Called once, when all is good for the first time; settling goes on after it. */
  onFirstGood(containers: readonly ContainerState[]): Promise<void>;
  onProgress(text: string): void;
}

/**
 * Waits until everything was good for `settleMs` without a restart, by looking at containers: Compose's own --wait
 * takes any service without a health check for healthy and any that ended for broken.
 */
export async function waitHealthy(context: ApplierContext, wait: HealthWait): Promise<Result<void>> {
  const { clock } = context;
  let goodSince: number | undefined;
  let goodKey = '';
  let sickSince: number | undefined;
  let isFirst = true;
  let told = '';
  for (;;) {
    wait.signal.throwIfAborted();
    const containers = await context.engine.containersOf(wait.appId);
    const verdict = decideHealth(wait.model.services.values(), containers);
    const now = clock.nowMs();
    let pending = 'it did not stay healthy';
    if (verdict.is === 'bad') return err(verdict.fault);
    if (verdict.is === 'sick') {
      sickSince ??= now;
      if (now - sickSince >= SICK_FOR_MS) return err(verdict.fault);
      pending = verdict.fault.message;
    } else sickSince = undefined;
    if (verdict.is === 'good') {
      if (goodSince === undefined || goodKey !== verdict.key) [goodSince, goodKey] = [now, verdict.key];
      if (isFirst) {
        isFirst = false;
        wait.onProgress('everything runs and is healthy');
        await wait.onFirstGood(containers);
      }
      if (clock.nowMs() - goodSince >= wait.policies.settleMs) return ok();
    } else goodSince = undefined;
    if (verdict.is === 'waiting') {
      pending = verdict.text;
      if (told !== pending) wait.onProgress(pending);
      told = pending;
    }
    const isTimeUp =
      now - wait.startedMs >= wait.policies.healthTimeoutMs + (goodSince === undefined ? 0 : wait.policies.settleMs);
    if (isTimeUp) return err(timeUp(wait.policies, pending));
    await context.pause(POLL_MS, wait.signal);
  }
}

function timeUp(policies: Policies, pending: string): Fault {
  return notHealthyInTime(policies.healthTimeoutMs, pending.replace(/\.$/, ''));
}

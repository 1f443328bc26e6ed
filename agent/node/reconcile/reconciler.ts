import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import type { ApplyRequest } from '../apply/request.ts';
import type { Applier } from './applier-port.ts';
import { applyAcceptedRelease } from './apply-release.ts';
import { createLanes } from './lanes.ts';
import type { NodeContext } from './node-context.ts';
import { createReleaseIntake } from './release-intake.ts';
import { toApplyRequest } from './release-request.ts';
import { createRepairer } from './repair.ts';
import { createReporter, type Reporter } from './reporter.ts';

export const REPAIR_EVERY_MS = 60_000;
/** A slow start of one app must not hold up another; more at once than this is too much for a small server. */
const PARALLEL_APPLIES = 2;
const EVENT_DEBOUNCE_MS = 1_500;
const STORE_RETRY_MS = 10_000;

export interface Reconciler {
  readonly reporter: Reporter;
  /** After a start: carries on what was accepted and has no outcome yet, then repairs all. */
  resume(): void;
  release(message: Extract<CoreToNode, { type: 'release' }>): Promise<void>;
  object(message: Extract<CoreToNode, { type: 'object' }>): Promise<void>;
  disconnected(): void;
  /** Runs work on an app when neither an apply nor a repair of it is under way. */
  inTurn<T>(appId: string, work: () => Promise<T>): Promise<T>;
  /** The engine said that something happened to a container of ours. */
  engineEvent(): void;
  /** The engine answers again. */
  engineBack(): void;
  /** Ends what runs without an outcome (it resumes at the next start) and waits for it. Containers stay as they are. */
  stop(): Promise<void>;
}

/** Keeps this machine at what was accepted: applies, repairs, reports. Needs no core. */
export function createReconciler(context: NodeContext, applier: Applier): Reconciler {
  const stopping = new AbortController();
  const { signal } = stopping;
  const lanes = createLanes(PARALLEL_APPLIES);
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  const deps = { context, applier, signal, pause };
  const applying = new Set<string>();
  const reporter = createReporter(context, applier, (appId) => applying.has(appId));
  const repair = createRepairer(deps);
  let eventTimer: NodeJS.Timeout | undefined;

  const apply = async (header: string): Promise<void> => {
    const appId = context.store.releases.get(header)?.appId;
    if (appId === undefined) return;
    while (!signal.aborted) {
      try {
        return await lanes.run(appId, async () => {
          applying.add(appId);
          reporter.touch();
          try {
            await applyAcceptedRelease(deps, header);
          } finally {
            applying.delete(appId);
            reporter.touch();
            // What one app's end changes for the others (an ingress that came back, a route that waited) shows here.
            repairSoon();
          }
        });
      } catch (cause) {
        // The store itself failed (a full disk): the outcome is not lost, the release is applied again.
        context.log(`Could not note the outcome of ${header}: ${cause instanceof Error ? cause.message : cause}`);
        await pause(STORE_RETRY_MS);
      }
    }
  };
  const intake = createReleaseIntake(context, (header) => void apply(header));

  const repairAll = (): void => {
    try {
      context.store.releases.appIds().forEach(repairInTurn);
      reporter.touch();
    } catch (cause) {
      // This runs from a timer: a store that fails now (a full disk) must not end the agent.
      context.log(`Could not look for what to repair: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  const repairInTurn = (appId: string): void => {
    // An app that is being applied is judged by that; its turn to be repaired comes with the next tick.
    if (lanes.busy(appId)) return;
    lanes
      .run(appId, async () => {
        if (!signal.aborted && (await repair(appId))) repairSoon();
      })
      .catch((cause) => context.log(`Repairing ${appId} failed: ${String(cause)}`));
  };
  const repairSoon = (): void => {
    if (signal.aborted) return;
    eventTimer ??= setTimeout(() => {
      eventTimer = undefined;
      repairAll();
    }, EVENT_DEBOUNCE_MS);
  };
  const ticker = setInterval(repairAll, REPAIR_EVERY_MS);

  return {
    reporter,
    resume() {
      for (const release of context.store.releases.unfinished()) void apply(release.header);
      repairAll();
    },
    release: (message) => intake.release(message),
    object: (message) => intake.object(message),
    disconnected: () => intake.disconnected(),
    inTurn: (appId, work) => lanes.run(appId, work),
    engineEvent() {
      reporter.touch();
      repairSoon();
    },
    engineBack: repairAll,
    async stop() {
      stopping.abort();
      clearInterval(ticker);
      clearTimeout(eventTimer);
      reporter.stop();
      await lanes.idle();
    },
  };
}

/** Requests for every app whose last good release runs: what `restore-secrets` needs, without engine or core. */
export function runningRequests(context: Pick<NodeContext, 'store' | 'identity' | 'fleet'>): ApplyRequest[] {
  const requests: ApplyRequest[] = [];
  for (const appId of context.store.releases.appIds()) {
    const release = context.store.releases.running(appId);
    const request = release && toApplyRequest(context, release, new AbortController().signal);
    if (request?.ok && request.value.body.state === 'running') requests.push(request.value);
  }
  return requests;
}

import type { ObservedApp, ObservedState } from '#shared/contracts/link/observed.ts';
import { isoTime } from '#shared/kernel/index.ts';
import { signEnvelope } from '#shared/trust/index.ts';
import { exceptionsOf } from '../apply/observe.ts';
import type { Applier } from './applier-port.ts';
import type { NodeContext } from './node-context.ts';
import { storedBody } from './release-request.ts';

export interface Reporter {
  /** Something may have changed: reports soon, if it did. */
  touch(): void;
  /** Reports now, changed or not: the core has just connected. */
  force(): void;
  stop(): void;
}

const DEBOUNCE_MS = 400;

/** Sends what this node sees as a signed report, whenever it differs from the last one sent. */
export function createReporter(
  context: NodeContext,
  applier: Pick<Applier, 'observe'>,
  isApplying: (appId: string) => boolean,
): Reporter {
  let timer: NodeJS.Timeout | undefined;
  let lastSent = '';
  let forced = false;
  let working = false;
  let stopped = false;

  const report = async (): Promise<void> => {
    const always = forced;
    forced = false;
    const apps: ObservedApp[] = [];
    for (const appId of context.store.releases.appIds()) {
      apps.push(await observeApp(context, applier, appId, isApplying(appId)));
    }
    const content = JSON.stringify(apps);
    if (!always && content === lastSent) return;
    const state: ObservedState = { node: context.identity.nodeId, seenAt: isoTime(context.clock), apps };
    const envelope = await signEnvelope(
      'report',
      {
        fleet: context.fleet,
        trustHead: context.trust.state.head,
        auditHead: context.store.setting('core-audit-head') ?? null,
        nodeAuditHead: context.audit.head()?.hash ?? null,
        ...state,
      },
      context.identity.signer,
    );
    if (context.send({ type: 'report', envelope })) lastSent = content;
  };
  const run = async (): Promise<void> => {
    timer = undefined;
    // A slow engine must not lead to reports that overtake each other.
    if (working) return schedule();
    working = true;
    try {
      await report();
    } catch (cause) {
      context.log(`Could not report what this node sees: ${cause instanceof Error ? cause.message : String(cause)}`);
    } finally {
      working = false;
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer ??= setTimeout(() => void run(), DEBOUNCE_MS);
  };
  return {
    touch: schedule,
    force() {
      forced = true;
      schedule();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function observeApp(
  context: NodeContext,
  applier: Pick<Applier, 'observe'>,
  appId: string,
  applying: boolean,
): Promise<ObservedApp> {
  const floor = context.store.releases.floor(appId);
  const running = context.store.releases.running(appId);
  const newest = context.store.releases.newest(appId);
  const shown = running ?? newest;
  const read = shown ? storedBody(context, shown) : undefined;
  const body = read?.ok ? read.value : null;
  const seen = await observeOrAway(applier, appId, body);
  return {
    ...seen,
    accepted: floor.accepted,
    running: floor.running && { number: floor.running.number, header: floor.running.header },
    status: applying ? 'applying' : seen.status,
  };
}

/** An engine that does not answer serves nothing: the app is away, and nothing more is known of it. */
async function observeOrAway(
  applier: Pick<Applier, 'observe'>,
  appId: string,
  body: Parameters<Applier['observe']>[1],
): Promise<ObservedApp> {
  try {
    return await applier.observe(appId, body);
  } catch {
    return {
      appId,
      kind: body?.kind ?? 'app',
      accepted: null,
      running: null,
      status: body?.state === 'removed' ? 'removed' : 'away',
      services: [],
      routes: [],
      records: [],
      volumes: [],
      exceptions: exceptionsOf(body),
      opening: null,
    };
  }
}

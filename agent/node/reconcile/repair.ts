import { FaultError } from '#shared/kernel/index.ts';
import type { ApplyDeps } from './apply-release.ts';
import { toApplyRequest } from './release-request.ts';

/** After this many repairs in a row an app is left alone for longer and longer, up to MAX_REST_MS. */
const PATIENCE = 3;
const REST_MS = 60_000;
const MAX_REST_MS = 30 * 60_000;

interface Trouble {
  readonly inARow: number;
  readonly restUntilMs: number;
}

/**
 * P3: puts an app back to its last good release from the node's own store, core or no core. Gives true when something
 * was changed. An app that breaks again and again is given rest, so that repairing does not become the load.
 */
export function createRepairer(deps: ApplyDeps): (appId: string) => Promise<boolean> {
  const { context, applier } = deps;
  const troubles = new Map<string, Trouble>();

  return async (appId) => {
    const nowMs = context.clock.nowMs();
    const trouble = troubles.get(appId) ?? { inARow: 0, restUntilMs: 0 };
    if (nowMs < trouble.restUntilMs || deps.signal.aborted) return false;
    const release = context.store.releases.running(appId);
    if (release === undefined) return false;
    const request = toApplyRequest(context, release, deps.signal);
    if (!request.ok || request.value.body.state === 'removed') return false;
    let changed: boolean;
    try {
      changed = await applier.repair(request.value);
    } catch (cause) {
      const text = cause instanceof FaultError ? cause.fault.message : String(cause);
      context.log(`Could not repair ${request.value.body.name} (${appId}): ${text}`);
      troubles.set(appId, nextTrouble(trouble, nowMs));
      return false;
    }
    if (!changed) {
      troubles.delete(appId);
      return false;
    }
    troubles.set(appId, nextTrouble(trouble, nowMs));
    context.log(`Repaired ${request.value.body.name} (${appId}).`);
    await context.audit.append({
      action: 'repaired',
      subject: { appId, number: String(release.number) },
      order: release.header,
    });
    return true;
  };
}

function nextTrouble(trouble: Trouble, nowMs: number): Trouble {
  const inARow = trouble.inARow + 1;
  if (inARow < PATIENCE) return { inARow, restUntilMs: 0 };
  const restMs = Math.min(MAX_REST_MS, REST_MS * 2 ** (inARow - PATIENCE));
  return { inARow, restUntilMs: nowMs + restMs };
}

import type { AppBody } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { DeployedApp } from './deployed-app.ts';
import { appDocument } from './find-app.ts';
import { followAutomation } from './follow-automation.ts';
import { type PlannedApp, planBody } from './plan-body.ts';

/** An order that changes nothing but the state of an app. */
export type StateOrder =
  | { readonly verb: 'stop' }
  | { readonly verb: 'start' }
  /** Volumes as the Compose file names them; what is not named stays (P4). */
  | { readonly verb: 'remove'; readonly deleteVolumes: readonly string[] };

/** What an order changes in the body, or why it has nothing to do. */
export function decideState({ view, body }: DeployedApp, order: StateOrder): Result<Partial<AppBody>> {
  const { name } = view;
  if (order.verb === 'stop') {
    if (body.state === 'running') return ok({ state: 'stopped' });
    return err(fault('app.not-running', 'conflict', `${name} is ${body.state}`, 'There is nothing to stop.'));
  }
  if (order.verb === 'start') {
    if (body.state === 'stopped') return ok({ state: 'running' });
    return err(
      body.state === 'removed'
        ? fault(
            'app.removed',
            'conflict',
            `${name} was removed`,
            `Bring it back with \`overseer apps deploy ${name}\`.`,
          )
        : fault('app.not-stopped', 'conflict', `${name} is meant to run already`, 'See `overseer apps show`.'),
    );
  }
  if (body.state === 'removed' && order.deleteVolumes.length === 0) {
    const next = 'What is left is its data; ask for that to go as well.';
    return err(fault('app.removed', 'conflict', `${name} was removed already`, next, { field: 'deleteVolumes' }));
  }
  return ok({ state: 'removed', deleteVolumes: [...order.deleteVolumes] });
}

/**
 * Plans a new state for an app: the body of its good release with only that changed, so that edits nobody has planned
 * yet do not slip in.
 */
export function planState(
  context: DeviceContext,
  fleet: Fleet,
  app: DeployedApp,
  change: Partial<AppBody>,
  online: boolean,
): Promise<Result<PlannedApp>> {
  return planBody(context, fleet, app.view, { ...app.body, deleteVolumes: [], ...change }, online);
}

/** Lets desired state follow an order that was confirmed. */
export async function writeState(replica: Replica, planned: PlannedApp): Promise<Result<void>> {
  const followed = await followAutomation(replica, planned.view.appId, planned.base?.byAutomation);
  if (!followed.ok) return followed;
  return replica.edit(appDocument(planned.view.appId), (editor) => editor.set('state', planned.body.state));
}

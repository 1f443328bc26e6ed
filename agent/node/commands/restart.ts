import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Engine } from '../engine/engine.ts';
import { engineFault } from '../engine/engine-fault.ts';
import { APP_LABEL, FLEET_LABEL, projectName } from '../engine/naming.ts';
import type { OwnershipStore } from '../store/ownership-store.ts';

/**
 * Restarts the containers of an app, or of one service of it. P4: only what this node made: the project stands in its
 * own record and each container carries fleet and app.
 */
export function createRestarter(about: { engine: Engine; fleet: string; ownership: Pick<OwnershipStore, 'owned'> }) {
  return async (appId: string, service: string | undefined): Promise<Result<void>> => {
    if (about.ownership.owned('container-project', projectName(appId)) !== appId) return err(nothing(appId, service));
    try {
      const containers = (await about.engine.containersOf(appId)).filter(
        (one) =>
          one.labels[FLEET_LABEL] === about.fleet &&
          one.labels[APP_LABEL] === appId &&
          (service === undefined || one.service === service),
      );
      if (containers.length === 0) return err(nothing(appId, service));
      for (const container of containers) await about.engine.docker.getContainer(container.id).restart();
      return ok();
    } catch (cause) {
      return err(engineFault(cause, `restarting ${appId}`));
    }
  };
}

function nothing(appId: string, service: string | undefined) {
  return fault(
    'command.nothing-to-restart',
    'permanent',
    service === undefined
      ? `app ${appId} has no containers on this node`
      : `app ${appId} has no service ${service} on this node`,
    'look at `overseer apps show` for its services',
    { field: service === undefined ? 'args.appId' : 'args.service' },
  );
}

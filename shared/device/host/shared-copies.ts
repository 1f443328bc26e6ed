import type { Fault } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { uploadObjects } from '../fleet/objects.ts';
import type { FleetModel } from './fleet-model.ts';

/** Sealed copies of secrets that were set and not signed yet, on their way to the core. */
export interface SharedCopies {
  /** Sends what was sealed here for these apps and connectors; for everything when none is named. Waits for the core's answer. */
  share(appIds?: readonly string[]): Promise<void>;
}

/**
 * A row names the copies of a secret by their hashes; the copies themselves are sent when a change is signed. Whoever else
 * signs it, an owner for an operator or another device of the same person, needs them before.
 */
export function createSharedCopies(about: {
  readonly fleet: Fleet;
  readonly model: FleetModel;
  readonly isOnline: () => boolean;
  readonly onFault: (fault: Fault) => void;
}): SharedCopies {
  const { fleet, model } = about;
  const sent = new Set<string>();
  let turn: Promise<void> = Promise.resolve();

  const shareNow = async (appIds: readonly string[]): Promise<void> => {
    if (!about.isOnline()) return;
    const hashes: string[] = [];
    for (const hash of appIds.flatMap((appId) => copiesOf(model, appId)))
      if (!sent.has(hash) && (await fleet.store.object(hash)) !== undefined) hashes.push(hash);
    const uploaded = await uploadObjects(fleet, hashes);
    if (uploaded.ok) for (const hash of hashes) sent.add(hash);
    // A core that is away gets them at the next connection.
    else if (uploaded.error.kind !== 'transient') about.onFault(uploaded.error);
  };

  return {
    share(appIds = model.all().map(({ appId }) => appId)) {
      const next = turn.then(() => shareNow(appIds));
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

/** What was signed was sent with it. */
function copiesOf(model: FleetModel, appId: string): string[] {
  const entry = model.find(appId);
  const view = entry?.kind === 'app' && model.isEdited(appId) ? model.view(appId) : undefined;
  const connector = model.index().connectors.find((one) => one.appId === appId);
  const secrets = view?.ok ? view.value.secrets : (connector?.secrets ?? []);
  return secrets.flatMap(({ ownerCopy, nodeCopies }) => [ownerCopy, ...Object.values(nodeCopies)]);
}

import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Engine } from '../engine/engine.ts';
import { APP_LABEL, FLEET_LABEL, PROJECT_LABEL, projectName } from '../engine/naming.ts';

/** Kinds of objects the node keeps its own record of. */
export type OwnedKind = 'container-project' | 'volume' | 'network' | 'file' | 'record';

/** The node's own record of what it made. `record` is durable when it returns, and is called before the effect. */
export interface OwnershipPort {
  record(kind: OwnedKind, name: string, appId: string): void | Promise<void>;
  /** The app an object belongs to, or undefined. */
  owned(kind: OwnedKind, name: string): (string | undefined) | Promise<string | undefined>;
  forget(kind: OwnedKind, name: string): void | Promise<void>;
  list(appId: string): { kind: OwnedKind; name: string }[] | Promise<{ kind: OwnedKind; name: string }[]>;
}

/** What an app is about to touch, by engine names. */
export interface OwnedObjects {
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

/**
 * P4: everything of these names that exists in the engine must stand in the node's own record and carry this fleet's
 * label. A label alone can be forged, a record alone can outlive its object. Error: `own.foreign-object`.
 */
export async function checkOwnership(
  engine: Engine,
  ownership: OwnershipPort,
  about: { fleet: string; appId: string; objects: OwnedObjects },
): Promise<Result<void>> {
  const { fleet, appId, objects } = about;
  const project = projectName(appId);
  const labelsFit = (labels: Readonly<Record<string, string>> | null | undefined) =>
    labels?.[FLEET_LABEL] === fleet && labels[APP_LABEL] === appId;
  const listed = await engine.docker.listContainers({ all: true });
  for (const container of listed) {
    const name = (container.Names[0] ?? '').replace(/^\//, '');
    const isNamedAsOurs = container.Labels[PROJECT_LABEL] === project || name.startsWith(`${project}-`);
    if (!isNamedAsOurs) continue;
    if ((await ownership.owned('container-project', project)) !== appId || !labelsFit(container.Labels))
      return err(foreign('container', name));
  }
  for (const name of objects.volumes) {
    const volume = await engine.volume(name);
    if (volume && ((await ownership.owned('volume', name)) !== appId || !labelsFit(volume.Labels)))
      return err(foreign('volume', name));
  }
  for (const name of objects.networks) {
    const network = await engine.network(name);
    if (network && ((await ownership.owned('network', name)) !== appId || !labelsFit(network.Labels)))
      return err(foreign('network', name));
  }
  return ok();
}

function foreign(kind: string, name: string): Fault {
  return fault(
    'own.foreign-object',
    'conflict',
    `There is a ${kind} named ${name} on the node that Overseer did not make. It was not touched.`,
    `Rename or remove that ${kind} yourself if nobody needs it, then deploy again.`,
    { field: kind, detail: { kind, name } },
  );
}

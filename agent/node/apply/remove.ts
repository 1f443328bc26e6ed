import { FaultError, fault } from '#shared/kernel/index.ts';
import { networkName, projectName, volumeName } from '../engine/naming.ts';
import { removeContainer } from './bring-up.ts';
import type { ApplierContext } from './context.ts';
import { checkOwnership } from './ownership.ts';
import { keepRecords, unroute } from './publish.ts';
import type { ApplyOutcome, ApplyRequest } from './request.ts';
import { need, type Stepper } from './steps.ts';
import { stopContainers } from './stop.ts';

/**
 * Removes an app: people are let out first, then containers, networks, files and secrets go. Volumes stay unless the
 * signed body names them; those of the body that are not this app's own are refused before anything is touched.
 */
export async function applyRemoved(
  context: ApplierContext,
  request: ApplyRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { appId } = request;
  const wanted = request.body.kind === 'app' ? request.body.deleteVolumes : [];
  const { engine, ownership, fleet } = context;
  const owned = await ownership.list(appId);
  const volumes = findVolumes(
    appId,
    wanted,
    owned.filter((one) => one.kind === 'volume').map((one) => one.name),
  );
  const networks = owned.filter((one) => one.kind === 'network').map((one) => one.name);
  await steps.run('gates', 'checking what is ours', async () => {
    need(await checkOwnership(engine, ownership, { fleet, appId, objects: { volumes, networks } }));
    return { value: undefined, text: 'everything to be removed is ours' };
  });
  await steps.run('route', 'taking the routes away', async () => {
    const isRemoved = await unroute(context, appId);
    return { value: undefined, text: isRemoved ? 'no route leads to the app' : 'the app had no route' };
  });
  await keepRecords(context, appId, null, steps);
  await steps.run('stop', 'stopping the app', async () => {
    const stopped = await stopContainers(context, appId);
    return { value: undefined, text: `${stopped} containers stopped` };
  });
  await steps.run('remove', 'removing the app', async () => {
    const containers = await engine.containersOf(appId);
    for (const container of containers) await removeContainer(context, container);
    await ownership.forget('container-project', projectName(appId));
    for (const name of new Set([...networks, networkName(appId, 'default')])) await removeNetwork(context, appId, name);
    for (const name of volumes) await removeVolume(context, name);
    context.files.remove(appId);
    await ownership.forget('file', `files/${appId}`);
    context.secrets.remove(appId);
    const kept = (await ownership.list(appId)).filter((one) => one.kind === 'volume').map((one) => one.name);
    const data = volumes.length > 0 ? `; deleted for ever: ${volumes.join(', ')}` : '';
    const stays = kept.length > 0 ? `; kept: ${kept.join(', ')}` : '';
    return { value: undefined, text: `${containers.length} containers removed${data}${stays}` };
  });
  return { outcome: 'succeeded', digests: {}, awayMs: null, fault: null };
}

/** Engine names of the volumes to delete: named as in the Compose file, or as the engine has them. */
function findVolumes(appId: string, wanted: readonly string[], owned: readonly string[]): string[] {
  return wanted.map((name) => {
    const full = [name, volumeName(appId, name)].find((one) => owned.includes(one));
    if (full !== undefined) return full;
    throw new FaultError(
      fault(
        'volume.unknown',
        'permanent',
        `The app has no volume named ${name} on this node. Nothing was removed.`,
        `Name volumes as \`overseer apps show\` lists them${owned.length > 0 ? `: ${owned.join(', ')}` : '; it has none'}.`,
        { field: 'deleteVolumes' },
      ),
    );
  });
}

async function removeNetwork(context: ApplierContext, appId: string, name: string): Promise<void> {
  if ((await context.ownership.owned('network', name)) !== appId) return;
  if (await context.engine.network(name)) await context.engine.docker.getNetwork(name).remove();
  await context.ownership.forget('network', name);
}

async function removeVolume(context: ApplierContext, name: string): Promise<void> {
  if (await context.engine.volume(name)) await context.engine.docker.getVolume(name).remove();
  await context.ownership.forget('volume', name);
}

import type { PreparedApp } from '../compose/prepared.ts';
import { APP_LABEL, FLEET_LABEL, ingressNetworkName } from '../engine/naming.ts';
import type { ApplierContext } from './context.ts';
import type { AppRequest } from './request.ts';

/**
 * Takes away what the release that runs now no longer uses: older files, secrets and networks. Volumes are people's
 * data and stay. Whatever can not be removed now is removed the next time.
 */
export async function tidy(context: ApplierContext, request: AppRequest, prepared: PreparedApp): Promise<void> {
  const { appId } = request;
  const { model } = prepared;
  context.secrets.keepOnly(appId, request.body.secrets);
  const mounts = Object.values(model.model.services).flatMap((service) => service.volumes);
  const configs = Object.values(model.model.configs).map((config) => config.file);
  context.files.keepOnly(appId, [...mounts.map((mount) => mount.source), ...configs].map(String));
  const kept = new Set([ingressNetworkName(appId), ...model.networks.map((network) => network.name)]);
  for (const { kind, name } of await context.ownership.list(appId))
    if (kind === 'network' && !kept.has(name)) await removeNetwork(context, appId, name);
}

async function removeNetwork(context: ApplierContext, appId: string, name: string): Promise<void> {
  const network = await context.engine.network(name);
  const isOurs = network?.Labels?.[FLEET_LABEL] === context.fleet && network.Labels[APP_LABEL] === appId;
  if (network && !isOurs) return;
  try {
    if (network) await context.engine.docker.getNetwork(name).remove();
    await context.ownership.forget('network', name);
  } catch {
    // Something of another hand is still on it.
  }
}

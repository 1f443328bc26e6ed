/** Names and labels of everything in the engine that is Overseer's. One place, because ownership hangs on them. */

/** Label that says which fleet made an object; hex id of the fleet. */
export const FLEET_LABEL = 'dev.overseer.fleet';
/** Label that says for which app an object was made. */
export const APP_LABEL = 'dev.overseer.app';
/** Label with the header hash of the release in which a container got its present definition. */
export const RELEASE_LABEL = 'dev.overseer.release';
/** Label with the hash of a container's definition: what tells old containers from new ones. */
export const DEFINITION_LABEL = 'dev.overseer.definition';
/** Label that marks what an object is for: `ingress` or `ingress-network`. */
export const KIND_LABEL = 'dev.overseer.kind';
/** Label that says whether the ingress has an ACME server: `on` or `off`. */
export const ACME_LABEL = 'dev.overseer.acme';
export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';
/** Compose's note of what a container needs: `service:condition:restart`, separated by commas. */
export const DEPENDS_LABEL = 'com.docker.compose.depends_on';

/** Compose project of an app. */
export function projectName(appId: string): string {
  return `ov-${appId}`;
}

/** Engine name of an app's volume; `name` as the Compose file has it. */
export function volumeName(appId: string, name: string): string {
  return `ov_${appId}_${name}`;
}

/** Engine name of one of an app's own networks. */
export function networkName(appId: string, name: string): string {
  return `ov_${appId}_${name}`;
}

/** Engine name of the network that only an app's routed containers and the ingress are on. */
export function ingressNetworkName(appId: string): string {
  return `ov-in-${appId}`;
}

/** The name under which the ingress reaches one container; unique, so that a new container is a new server. */
export function routeAlias(appId: string, service: string, containerId: string): string {
  const plain = service
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 20);
  return `ov-${appId.slice(0, 12)}-${plain}-${containerId.slice(0, 12)}`;
}

/** Labels every object of an app carries. */
export function ownLabels(fleet: string, appId: string): Record<string, string> {
  return { [FLEET_LABEL]: fleet, [APP_LABEL]: appId };
}

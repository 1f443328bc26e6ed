import { parseComposeOutline } from '#shared/domain/apps/index.ts';

/** Names of services and volumes of a Compose file; empty while it can not be read. */
export function outlineOf(compose: string): { services: string[]; volumes: string[] } {
  const outline = parseComposeOutline(compose);
  if (!outline.ok) return { services: [], volumes: [] };
  return { services: outline.value.services.map(({ name }) => name), volumes: [...outline.value.volumes] };
}

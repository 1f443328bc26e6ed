import { parseDocument } from 'yaml';
import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import { recordOf } from '#shared/domain/policies/index.ts';
import { INGRESS_SERVICE } from '../ingress/ingress-model.ts';

/** Services that a body wants without conditions, to tell which are missing. Profiles are off, so their services are not wanted. */
export function parseServiceNames(body: ReleaseBody | null): string[] {
  if (body?.kind === 'ingress') return [INGRESS_SERVICE];
  if (body?.kind !== 'app') return [];
  const file = recordOf(parseDocument(body.compose, { merge: true }).toJS({ maxAliasCount: 200 }));
  return Object.entries(recordOf(file.services)).flatMap(([name, service]) => {
    const { profiles, scale } = recordOf(service);
    return (Array.isArray(profiles) && profiles.length > 0) || scale === 0 ? [] : [name];
  });
}

import { ok } from '#shared/kernel/index.ts';
import type { AppView } from './app-view.ts';
import type { FleetView } from './fleet-view.ts';
import type { AppBody } from './release-body.ts';
import { servicesToBody } from './services-to-body.ts';

/** Whether desired state asks for something else than the last signed release; true before the first. */
export function isAppEdited(app: AppView, fleet: FleetView, base: AppBody | null): boolean {
  if (base === null || app.compose !== base.compose) return true;
  if (app.state === 'removed' && base.state === 'removed') return false;
  // The same Compose text has the same services: a thousand apps need not be parsed to be listed.
  const services = Object.entries(base.images).map(([name, { ref }]) => ({ name, image: ref }));
  const body = servicesToBody(app, fleet, () => ok(services));
  return (
    !body.ok || JSON.stringify({ ...body.value, deleteVolumes: [] }) !== JSON.stringify({ ...base, deleteVolumes: [] })
  );
}

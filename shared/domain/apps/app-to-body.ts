import { ok, type Result } from '#shared/kernel/index.ts';
import type { AppView } from './app-view.ts';
import { parseComposeOutline } from './compose-outline.ts';
import type { FleetView } from './fleet-view.ts';
import type { AppBody } from './release-body.ts';
import { servicesToBody } from './services-to-body.ts';

/** Builds the body of the app's next release from desired state. The nodeCopies must have been made before. */
export function appToBody(app: AppView, fleet: FleetView): Result<AppBody> {
  return servicesToBody(app, fleet, () => {
    const outline = parseComposeOutline(app.compose);
    return outline.ok ? ok(outline.value.services) : outline;
  });
}

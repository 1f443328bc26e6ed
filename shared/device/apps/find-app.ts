import { type AppView, type FleetView, parseAppView, parseFleetView } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DesiredState } from '#shared/replica/index.ts';

/** Name of an app's document. */
export function appDocument(appId: string): string {
  return `app:${appId}`;
}

/** The fleet's index in the local replica. */
export function readFleetView(replica: DesiredState): Result<FleetView> {
  return parseFleetView(replica.snapshot('fleet'));
}

/** An app's document in the local replica. */
export function readAppView(replica: DesiredState, appId: string): Result<AppView> {
  const snapshot = replica.snapshot(appDocument(appId));
  return snapshot ? parseAppView(appId, snapshot) : err(unknownApp(appId, []));
}

/** An app by name or id. */
export function findApp(replica: DesiredState, wanted: string): Result<AppView> {
  const fleet = readFleetView(replica);
  if (!fleet.ok) return fleet;
  const found = fleet.value.apps.filter(({ appId, name }) => appId === wanted || name === wanted);
  const one = found[0];
  if (!one)
    return err(
      unknownApp(
        wanted,
        fleet.value.apps.map(({ name }) => name),
      ),
    );
  if (found.length > 1) {
    return err(
      fault(
        'app.ambiguous',
        'conflict',
        `${found.length} apps are called "${wanted}"`,
        `Give the id: ${found.map(({ appId }) => appId).join(', ')}.`,
      ),
    );
  }
  return readAppView(replica, one.appId);
}

/** All apps of the index that can be read, and the faults of those that can not. */
export function listAppViews(replica: DesiredState): Result<AppView[]> {
  const fleet = readFleetView(replica);
  if (!fleet.ok) return fleet;
  const views: AppView[] = [];
  for (const { appId } of fleet.value.apps) {
    const view = readAppView(replica, appId);
    if (!view.ok) return view;
    views.push(view.value);
  }
  return ok(views);
}

function unknownApp(wanted: string, names: readonly string[]) {
  const next =
    names.length > 0 ? `The fleet has: ${names.join(', ')}.` : 'Deploy one: `overseer apps deploy NAME --catalog ID`.';
  return fault('app.unknown', 'permanent', `there is no app "${wanted}"`, next, { field: 'app' });
}

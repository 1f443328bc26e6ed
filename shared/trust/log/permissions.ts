import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { TrustView } from './view.ts';

/**
 * LOG-4: a desktop or CLI of an owner. A browser gets its code from the core each time, so it counts as owner only when
 * it claimed the fleet and only until the first desktop or CLI of an owner stands. Automation never does.
 */
export function isOwnerDevice(view: TrustView, deviceId: string): boolean {
  const device = view.devices.get(deviceId);
  if (!device || view.persons.get(device.personId)?.role !== 'owner') return false;
  if (device.kind === 'desktop' || device.kind === 'cli') return true;
  return device.kind === 'browser' && view.genesis?.device.deviceId === deviceId && !hasFirmOwner(view);
}

function hasFirmOwner(view: TrustView): boolean {
  for (const device of view.devices.values()) {
    const firm = device.kind === 'desktop' || device.kind === 'cli';
    if (firm && view.persons.get(device.personId)?.role === 'owner') return true;
  }
  return false;
}

/**
 * LOG-10: may this device order `verb` here? Owner devices may everything; everybody else waits for grants, which will
 * be read here. `verb` and `scope` are what a grant will be limited by.
 */
export function decideDeviceMay(
  state: TrustView,
  deviceId: string,
  verb: string,
  scope: { readonly node?: string; readonly appId?: string } = {},
): Result<void> {
  if (isOwnerDevice(state, deviceId)) return ok();
  const device = state.devices.get(deviceId);
  if (!device)
    return err(
      fault(
        'trust.unknown-signer',
        'denied',
        `the key ${deviceId} is no device of this fleet`,
        'enrol the device, or bring the trust log up to date',
        { detail: { keyid: deviceId } },
      ),
    );
  const where = [scope.appId && `app ${scope.appId}`, scope.node && `node ${scope.node}`].filter(Boolean).join(', ');
  return err(
    fault(
      'trust.not-allowed',
      'denied',
      `${JSON.stringify(device.name)} may not ${verb}${where ? ` (${where})` : ''}: it is no owner's desktop or CLI`,
      'do this on a desktop or CLI of an owner',
      { detail: { device: deviceId, verb } },
    ),
  );
}

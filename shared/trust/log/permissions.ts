import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DeviceKind, Role } from './entries.ts';
import type { TrustView } from './view.ts';

/** What a device may be: its person's role, made smaller by what kind of device it is. */
export type DeviceRole = 'owner' | 'provisional-owner' | 'operator' | 'viewer';

/**
 * LOG-11: the role that a kind of device of such a person has. A browser gets its code from the core each time, so it is
 * an operator at most. Automation has nothing until grants are read.
 */
export function roleOfKind(kind: DeviceKind, person: Role): Exclude<DeviceRole, 'provisional-owner'> | null {
  if (kind === 'automation') return null;
  return kind === 'browser' && person === 'owner' ? 'operator' : person;
}

/** LOG-11, LOG-12: what this device is in the fleet; null for a key that is no device and for automation. */
export function roleOf(view: TrustView, deviceId: string): DeviceRole | null {
  const device = view.devices.get(deviceId);
  const person = device && view.persons.get(device.personId);
  if (!device || !person) return null;
  const claimed = device.kind === 'browser' && view.genesis?.device.deviceId === deviceId;
  if (claimed && person.role === 'owner' && !hasFirmOwner(view)) return 'provisional-owner';
  return roleOfKind(device.kind, person.role);
}

/**
 * LOG-4: a desktop or CLI of an owner. A browser counts as owner only when it claimed the fleet and only until the first
 * desktop or CLI of an owner stands. Automation never does.
 */
export function isOwnerDevice(view: TrustView, deviceId: string): boolean {
  const role = roleOf(view, deviceId);
  return role === 'owner' || role === 'provisional-owner';
}

/** LOG-12: no desktop or CLI of an owner stands yet, so the core's own code signs for the fleet: P1 is not in force. */
export function isProvisionalFleet(view: TrustView): boolean {
  return view.genesis !== null && !hasFirmOwner(view);
}

function hasFirmOwner(view: TrustView): boolean {
  for (const device of view.devices.values()) {
    const role = view.persons.get(device.personId)?.role;
    if (role && device.kind !== 'browser' && roleOfKind(device.kind, role) === 'owner') return true;
  }
  return false;
}

/**
 * LOG-13: what an operator orders. Not here: trust entries and enrolment, settings of ingress and connectors and what
 * tests them. What a release may contain is judged apart, by decideBodyMay.
 */
const OPERATOR_VERBS: ReadonlySet<string> = new Set([
  'read',
  'edit',
  'deploy',
  'rollback',
  'stop',
  'start',
  'remove',
  'logs',
  'agent-logs',
  'restart',
  'probe',
  'volumes',
]);

const VIEWER_VERBS: ReadonlySet<string> = new Set(['read']);

/**
 * LOG-10: may this device order `verb` here? Owner devices may everything, operators and viewers what their list holds.
 * `scope` is what a grant will be limited by.
 */
export function decideDeviceMay(
  state: TrustView,
  deviceId: string,
  verb: string,
  scope: { readonly node?: string; readonly appId?: string } = {},
): Result<void> {
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
  const role = roleOf(state, deviceId);
  if (role === 'owner' || role === 'provisional-owner') return ok();
  if (role === 'operator' && OPERATOR_VERBS.has(verb)) return ok();
  if (role === 'viewer' && VIEWER_VERBS.has(verb)) return ok();
  const where = [scope.appId && `app ${scope.appId}`, scope.node && `node ${scope.node}`].filter(Boolean).join(', ');
  return err(
    fault(
      'trust.not-allowed',
      'denied',
      `${JSON.stringify(device.name)} may not ${verb}${where ? ` (${where})` : ''}: ${whatItIs(role)}`,
      'do this on a desktop or CLI of an owner',
      { detail: { device: deviceId, verb } },
    ),
  );
}

function whatItIs(role: DeviceRole | null): string {
  if (role === null) return 'a device of this kind may do nothing yet';
  return `it is ${role === 'operator' ? 'an operator' : 'a viewer'}, not an owner's desktop or CLI`;
}

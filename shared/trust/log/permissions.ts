import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { doesReleaseStand, type ReleasePlace } from './cutoff.ts';
import type { DeviceKind, Grant, Role } from './entries.ts';
import type { EnrolledDevice, TrustView } from './view.ts';

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
  if (claimed && person.role === 'owner' && !view.hadFirmOwner) return 'provisional-owner';
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

/**
 * LOG-19: whether an owner's signature is on this release, also that of a device which was revoked since with a cut-off
 * that lets the release stand.
 */
export function isOwnersRelease(view: TrustView, signer: string, release: ReleasePlace): boolean {
  if (isOwnerDevice(view, signer)) return true;
  const revoked = view.revokedDevices.get(signer);
  if (!revoked || !doesReleaseStand(revoked.cutoffs, release)) return false;
  const { personId, kind } = revoked.device;
  const role = (view.persons.get(personId) ?? view.revokedPersons.get(personId))?.role;
  return role !== undefined && roleOfKind(kind, role) === 'owner';
}

/** LOG-12: no desktop or CLI of an owner stands yet, so the core's own code signs for the fleet: P1 is not in force. */
export function isProvisionalFleet(view: TrustView): boolean {
  return view.genesis !== null && !view.hadFirmOwner;
}

/**
 * LOG-13: what an operator orders. Not here: trust entries and enrolment, settings of ingress and connectors, openings and
 * what tests them. What a release may contain is judged apart, by decideBodyMay.
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

/** Where and when an order is to count. What is left out is not asked: "anywhere?", not "everywhere?". */
export interface OrderScope {
  /** null: what belongs to no single node, as a row does. */
  readonly node?: string | null | undefined;
  /** null: what belongs to no single app. */
  readonly appId?: string | null | undefined;
  /** The asker's clock, in milliseconds. Without one, grants that expire do not count. */
  readonly now?: number | undefined;
}

/**
 * LOG-10: may this device order `verb` here? Owner devices may everything, operators and viewers what their list holds,
 * and everybody what a grant adds.
 */
export function decideDeviceMay(
  state: TrustView,
  deviceId: string,
  verb: string,
  scope: OrderScope = {},
): Result<void> {
  const device = state.devices.get(deviceId);
  if (!device) return err(unknownSigner(state, deviceId));
  const role = roleOf(state, deviceId);
  if (role === 'owner' || role === 'provisional-owner') return ok();
  if (role !== null && verbsOf(role).has(verb)) return ok();
  if (grantsOf(state, device).some((grant) => doesGrant(grant, verb, scope))) return ok();
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

function verbsOf(role: 'operator' | 'viewer'): ReadonlySet<string> {
  return role === 'operator' ? OPERATOR_VERBS : VIEWER_VERBS;
}

/** LOG-20: the grants of a device and of its person, while that person counts. */
export function grantsOf(view: TrustView, device: EnrolledDevice): readonly Grant[] {
  if (!view.persons.has(device.personId)) return [];
  return [...view.grants.values()].filter(({ to }) => {
    if ('tokenId' in to) return false;
    return 'personId' in to ? to.personId === device.personId : to.deviceId === device.deviceId;
  });
}

/** The one verb that a grant can give to an API token: the logs of an app, readable to the core that passes them on. */
export const CLEAR_LOGS = 'clear-logs';

/**
 * LOG-26: may the core have this app's logs in clear text for this token? Asked by the node that has them, which takes
 * nobody's word but the log's.
 */
export function decideClearLogs(
  view: TrustView,
  tokenId: string,
  scope: { readonly node: string; readonly appId: string; readonly now: number },
): Result<void> {
  const isGranted = [...view.grants.values()].some(
    ({ to, verbs, apps, nodes, expiresAt }) =>
      'tokenId' in to &&
      to.tokenId === tokenId &&
      verbs?.includes(CLEAR_LOGS) === true &&
      apps?.includes(scope.appId) === true &&
      (nodes === undefined || nodes.includes(scope.node)) &&
      (expiresAt === undefined || Date.parse(expiresAt) > scope.now),
  );
  if (isGranted) return ok();
  return err(
    fault(
      'trust.logs-not-granted',
      'denied',
      `no owner has granted the clear-text logs of app ${scope.appId} to this API token`,
      "grant them on an owner's device: `overseer grants add TOKEN --clear-logs --app NAME`",
      { detail: { app: scope.appId, node: scope.node } },
    ),
  );
}

/**
 * REL-17: the contents that an order by one of these verbs is held to; undefined where this device may give it whatever
 * its content, by its role or a grant without contents. Ask decideDeviceMay first.
 */
export function contentLimitsOf(
  view: TrustView,
  deviceId: string,
  verbs: readonly string[],
  scope: OrderScope,
): readonly NonNullable<Grant['content']>[] | undefined {
  const device = view.devices.get(deviceId);
  const role = roleOf(view, deviceId);
  if (!device || role === 'owner' || role === 'provisional-owner') return undefined;
  if (role !== null && verbs.some((verb) => verbsOf(role).has(verb))) return undefined;
  const grants = grantsOf(view, device).filter((grant) => verbs.some((verb) => doesGrant(grant, verb, scope)));
  return grants.some(({ content }) => content === undefined)
    ? undefined
    : grants.flatMap(({ content }) => (content ? [content] : []));
}

/** LOG-20, LOG-21: what is asked lies within every limit of the grant. */
function doesGrant(grant: Grant, verb: string, scope: OrderScope): boolean {
  if (grant.role === null || !verbsOf(grant.role).has(verb)) return false;
  if (grant.verbs && !grant.verbs.includes(verb)) return false;
  // A row stands on no node: only the apps that a grant names hold it to something.
  if (grant.nodes && scope.node === null && !grant.apps) return false;
  if (grant.nodes && typeof scope.node === 'string' && !grant.nodes.includes(scope.node)) return false;
  if (grant.apps && scope.appId === null) return false;
  if (grant.apps && typeof scope.appId === 'string' && !grant.apps.includes(scope.appId)) return false;
  // What a content allows is asked of releases alone, by who holds the one before (REL-17).
  if (grant.content && !VIEWER_VERBS.has(verb) && verb !== 'deploy') return false;
  return grant.expiresAt === undefined || (scope.now !== undefined && Date.parse(grant.expiresAt) > scope.now);
}

/**
 * SES-4: until when this device may do this without a further entry, in milliseconds; undefined where no end is set. Ask
 * decideDeviceMay first.
 */
export function rightEndsAtMs(view: TrustView, deviceId: string, verb: string, scope: OrderScope): number | undefined {
  const device = view.devices.get(deviceId);
  const role = roleOf(view, deviceId);
  if (!device || role === 'owner' || role === 'provisional-owner') return undefined;
  if (role !== null && verbsOf(role).has(verb)) return undefined;
  const ends = grantsOf(view, device)
    .filter((grant) => doesGrant(grant, verb, scope))
    .map(({ expiresAt }) => (expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)));
  const last = Math.max(...ends);
  return Number.isFinite(last) ? last : undefined;
}

/** Why a key signs nothing here. */
export function unknownSigner(view: TrustView, keyid: string): Fault {
  const revoked = view.revokedDevices.get(keyid);
  if (revoked)
    return fault(
      'trust.revoked',
      'denied',
      `the device ${JSON.stringify(revoked.device.name)} (${keyid}) was revoked`,
      'do this on another device; if this one is yours and back in your hands, enrol it anew with new keys',
      { detail: { keyid } },
    );
  return fault(
    'trust.unknown-signer',
    'denied',
    `the key ${keyid} is no device of this fleet`,
    'enrol the device, or bring the trust log up to date',
    { detail: { keyid } },
  );
}

function whatItIs(role: DeviceRole | null): string {
  if (role === null) return 'automation may only what a grant gives it';
  return `it is ${role === 'operator' ? 'an operator' : 'a viewer'}, not an owner's desktop or CLI`;
}

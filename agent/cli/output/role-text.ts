import type { DeviceRole } from '#shared/trust/index.ts';

const TEXTS: Readonly<Record<DeviceRole, string>> = {
  owner: 'an owner: it may do everything, also let further devices in',
  'provisional-owner': 'a provisional owner: it may do everything until the first desktop or CLI of an owner is in',
  operator:
    'an operator: it edits, deploys, rolls back, stops, starts and removes apps (not their data) and reads logs; it lets no device in, grants no exception, and sets no ingress, no connector and no opening of a server',
  viewer: 'a viewer: it reads',
};

/** What a device of this role may do, in one sentence; null: nothing by itself. */
export function roleText(role: DeviceRole | null): string {
  return role === null ? 'nothing by itself: it may what grants give it (`overseer grants add`)' : TEXTS[role];
}

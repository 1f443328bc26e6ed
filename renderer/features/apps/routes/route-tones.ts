import type { Tone } from '#renderer/ui/index.ts';
import type { RouteRow } from '#shared/contracts/ipc/index.ts';

/** How well a router of the ingress is. */
export const routerTones: Readonly<Record<RouteRow['status'], Tone>> = {
  enabled: 'good',
  pending: 'busy',
  warning: 'warn',
  disabled: 'bad',
  absent: 'warn',
  unknown: 'unknown',
};

/** How well a DNS record is. */
export const recordTones: Readonly<Record<RouteRow['records'][number]['status'], Tone>> = {
  present: 'good',
  absent: 'warn',
  clash: 'bad',
  unknown: 'unknown',
};

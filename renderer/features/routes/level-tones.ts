import type { Tone } from '#renderer/ui/index.ts';
import type { RouteLevel } from './route-condition.ts';

/** How each level of a route is coloured. */
export const levelTones: Record<RouteLevel, Tone> = {
  serving: 'good',
  waiting: 'busy',
  attention: 'warn',
  unknown: 'unknown',
};

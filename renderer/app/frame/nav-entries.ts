import type { Icon } from '@tabler/icons-react';
import { routes } from '../routes.ts';

/** One entry of the navigation. */
export interface NavEntry {
  readonly path: string;
  readonly label: string;
  readonly icon: Icon;
  /** Typed after g. */
  readonly key: string;
  readonly group: 'run' | 'watch' | 'fleet';
}

/** The screens that the navigation names, in the order of the route table. */
export const navEntries: readonly NavEntry[] = routes.flatMap(({ path, nav }) => (nav ? [{ path, ...nav }] : []));

/** Whether an entry is that of the shown address, or of something below it. */
export function isCurrent(path: string, location: string): boolean {
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
}

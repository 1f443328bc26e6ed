import { type Icon, IconLayoutDashboard } from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';
import { words } from '#renderer/words/index.ts';

/** One address and the screen that it shows. A screen reads its parameters with wouter's `useParams`. */
export interface ScreenRoute {
  readonly path: string;
  readonly screen: ComponentType;
  /** Makes it an entry of the navigation, in the order of the table. `key`: typed after g. */
  readonly nav?: {
    readonly label: string;
    readonly icon: Icon;
    readonly key: string;
    readonly group: 'run' | 'watch' | 'fleet';
  };
}

/** Loads a screen with its feature, on first use. */
function screen(load: () => Promise<ComponentType>): ComponentType {
  return lazy(async () => ({ default: await load() }));
}

const nav = words.app.nav;

/**
 * All screens. A feature that brings one adds its line here and a chunk of its own is made of it:
 *
 *     { path: '/apps', screen: screen(async () => (await import('#renderer/features/apps/index.ts')).AppsScreen), nav: … }
 */
export const routes: readonly ScreenRoute[] = [
  {
    path: '/',
    screen: screen(async () => (await import('#renderer/features/overview/index.ts')).OverviewScreen),
    nav: { label: nav.overview, icon: IconLayoutDashboard, key: 'o', group: 'run' },
  },
];

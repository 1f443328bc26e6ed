import {
  type Icon,
  IconApps,
  IconBuildingStore,
  IconDevices,
  IconGitPullRequest,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
  IconServer2,
  IconSettings,
  IconWorld,
} from '@tabler/icons-react';
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

/** All screens. A feature that brings one adds its line here, and a chunk of its own is made of the feature. */
export const routes: readonly ScreenRoute[] = [
  {
    path: '/',
    screen: screen(async () => (await import('#renderer/features/overview/index.ts')).OverviewScreen),
    nav: { label: nav.overview, icon: IconLayoutDashboard, key: 'o', group: 'run' },
  },
  {
    path: '/apps',
    screen: screen(async () => (await import('#renderer/features/apps/index.ts')).AppsScreen),
    nav: { label: nav.apps, icon: IconApps, key: 'a', group: 'run' },
  },
  {
    path: '/apps/:appId/:tab?',
    screen: screen(async () => (await import('#renderer/features/apps/index.ts')).AppScreen),
  },
  {
    path: '/catalog',
    screen: screen(async () => (await import('#renderer/features/catalog/index.ts')).CatalogScreen),
    nav: { label: nav.catalog, icon: IconBuildingStore, key: 'c', group: 'run' },
  },
  {
    path: '/catalog/:id',
    screen: screen(async () => (await import('#renderer/features/catalog/index.ts')).DeployScreen),
  },
  {
    path: '/new',
    screen: screen(async () => (await import('#renderer/features/catalog/index.ts')).ComposeScreen),
  },
  {
    path: '/nodes',
    screen: screen(async () => (await import('#renderer/features/nodes/index.ts')).NodesScreen),
    nav: { label: nav.nodes, icon: IconServer2, key: 'n', group: 'run' },
  },
  {
    path: '/nodes/:nodeId',
    screen: screen(async () => (await import('#renderer/features/nodes/index.ts')).NodeScreen),
  },
  {
    path: '/plan',
    screen: screen(async () => (await import('#renderer/features/plan/index.ts')).PlanScreen),
    nav: { label: nav.plan, icon: IconGitPullRequest, key: 'p', group: 'watch' },
  },
  {
    path: '/jobs',
    screen: screen(async () => (await import('#renderer/features/jobs/index.ts')).JobsScreen),
    nav: { label: nav.jobs, icon: IconListCheck, key: 'j', group: 'watch' },
  },
  {
    path: '/jobs/:jobId',
    screen: screen(async () => (await import('#renderer/features/jobs/index.ts')).JobScreen),
  },
  {
    path: '/routes',
    screen: screen(async () => (await import('#renderer/features/routes/index.ts')).RoutesScreen),
    nav: { label: nav.routes, icon: IconWorld, key: 'r', group: 'watch' },
  },
  {
    path: '/secrets',
    screen: screen(async () => (await import('#renderer/features/secrets/index.ts')).SecretsScreen),
    nav: { label: nav.secrets, icon: IconKey, key: 's', group: 'watch' },
  },
  {
    path: '/audit',
    screen: screen(async () => (await import('#renderer/features/audit/index.ts')).AuditScreen),
    nav: { label: nav.audit, icon: IconHistory, key: 'u', group: 'fleet' },
  },
  {
    path: '/devices',
    screen: screen(async () => (await import('#renderer/features/devices/index.ts')).DevicesScreen),
    nav: { label: nav.devices, icon: IconDevices, key: 'd', group: 'fleet' },
  },
  {
    path: '/settings',
    screen: screen(async () => (await import('#renderer/features/settings/index.ts')).SettingsScreen),
    nav: { label: nav.settings, icon: IconSettings, key: 'e', group: 'fleet' },
  },
];

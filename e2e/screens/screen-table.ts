import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What addresses of single things need: ids of the fleet that is shown. */
export interface ShownIds {
  readonly app: string;
  readonly node: string;
  readonly job: string;
}

/** One screen as it is looked at: in pictures, and by axe. */
export interface ShownScreen {
  /** Name of its pictures. */
  readonly name: string;
  /** The route of the renderer that draws it. */
  readonly route: string;
  /** Its address; null where this fleet has nothing to show there. */
  readonly at: (ids: Partial<ShownIds>) => string | null;
}

const fixed = (name: string, route: string): ShownScreen => ({ name, route, at: () => route });
const ofApp = (name: string, tab: string): ShownScreen => ({
  name,
  route: '/apps/:appId/:tab?',
  at: ({ app }) => (app === undefined ? null : `/apps/${app}${tab}`),
});

/** Every screen. `every-screen.test.ts` fails when a route of the renderer is missing here. */
export const shownScreens: readonly ShownScreen[] = [
  fixed('overview', '/'),
  fixed('apps', '/apps'),
  ofApp('app-overview', ''),
  ofApp('app-compose', '/compose'),
  ofApp('app-environment', '/environment'),
  ofApp('app-secrets', '/secrets'),
  ofApp('app-routes', '/routes'),
  ofApp('app-releases', '/releases'),
  ofApp('app-logs', '/logs'),
  ofApp('app-settings', '/settings'),
  fixed('catalog', '/catalog'),
  { name: 'catalog-wizard', route: '/catalog/:id', at: () => '/catalog/miniflux' },
  fixed('own-compose', '/new'),
  fixed('nodes', '/nodes'),
  { name: 'node', route: '/nodes/:nodeId', at: ({ node }) => (node === undefined ? null : `/nodes/${node}`) },
  { name: 'node-join', route: '/nodes/:nodeId', at: () => '/nodes/join' },
  fixed('plan', '/plan'),
  fixed('jobs', '/jobs'),
  { name: 'job', route: '/jobs/:jobId', at: ({ job }) => (job === undefined ? null : `/jobs/${job}`) },
  fixed('routes', '/routes'),
  fixed('secrets', '/secrets'),
  fixed('audit', '/audit'),
  fixed('devices', '/devices'),
  fixed('settings', '/settings'),
];

/** The addresses of the renderer's table of routes, read as text: these tests know the product from outside. */
export function rendererRoutes(): string[] {
  const file = fileURLToPath(new URL('../../renderer/app/routes.ts', import.meta.url));
  return [...readFileSync(file, 'utf8').matchAll(/^\s+path: '([^']+)',$/gm)].map((match) => match[1] ?? '');
}

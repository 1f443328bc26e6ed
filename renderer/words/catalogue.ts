/** All words of the screens by their context. Each has its own file beside this one; a context that comes later adds its line. */
export { app } from './app.ts';
export { apps } from './apps.ts';
export { audit } from './audit.ts';
export { catalog } from './catalog.ts';
export { compose } from './compose.ts';
export { devices } from './devices.ts';
export { firstRun } from './first-run.ts';
export { jobs } from './jobs.ts';
export { nodes } from './nodes.ts';
export { overview } from './overview.ts';
export { plan } from './plan.ts';
export { review } from './review.ts';
export { routes } from './routes.ts';
export { secrets } from './secrets.ts';
export { settings } from './settings.ts';
export { ui } from './ui.ts';

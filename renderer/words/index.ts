import { app } from './app.ts';
import { apps } from './apps.ts';
import { audit } from './audit.ts';
import { catalog } from './catalog.ts';
import { devices } from './devices.ts';
import { firstRun } from './first-run.ts';
import { jobs } from './jobs.ts';
import { nodes } from './nodes.ts';
import { overview } from './overview.ts';
import { plan } from './plan.ts';
import { review } from './review.ts';
import { routes } from './routes.ts';
import { secrets } from './secrets.ts';
import { settings } from './settings.ts';
import { ui } from './ui.ts';

/** All words of the screens, in English. Each context has its own file beside this one. */
export const words = {
  app,
  apps,
  audit,
  catalog,
  devices,
  firstRun,
  jobs,
  nodes,
  overview,
  plan,
  review,
  routes,
  secrets,
  settings,
  ui,
} as const;

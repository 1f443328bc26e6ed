import { app } from './app.ts';
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
import { settings } from './settings.ts';
import { ui } from './ui.ts';

/** All words of the screens, in English. Each context has its own file beside this one. */
export const words = {
  app,
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
  settings,
  ui,
} as const;

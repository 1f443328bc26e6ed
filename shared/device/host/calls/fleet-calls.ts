import { appCalls } from './app-calls.ts';
import { auditCalls } from './audit-calls.ts';
import { catalogCalls } from './catalog-calls.ts';
import { deviceCalls } from './device-calls.ts';
import { jobCalls } from './job-calls.ts';
import { nodeCalls } from './node-calls.ts';
import { planCalls } from './plan-calls.ts';
import { proposalCalls } from './proposal-calls.ts';
import { secretCalls } from './secret-calls.ts';

/** Every call that needs an open fleet. */
export const fleetCalls = {
  ...appCalls,
  ...auditCalls,
  ...catalogCalls,
  ...deviceCalls,
  ...jobCalls,
  ...nodeCalls,
  ...planCalls,
  ...proposalCalls,
  ...secretCalls,
};

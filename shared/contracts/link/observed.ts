import { z } from 'zod';

const id = z.string().regex(/^[a-z2-7]{26}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();

/** What a node tells of itself every five seconds. An allow-list: nothing else leaves the node. */
export const nodeFactsSchema = z.object({
  version: z.string().max(64),
  os: z.string().max(128),
  kernel: z.string().max(128),
  arch: z.string().max(32),
  hostname: z.string().max(253),
  cpuCount: z.number().int(),
  /** Share of all processors in use since the last heartbeat, 0 to 1. */
  cpuLoad: z.number().min(0).max(1),
  memoryTotalBytes: z.number(),
  memoryUsedBytes: z.number(),
  /** Of the file system that holds the node's data. */
  diskTotalBytes: z.number(),
  diskFreeBytes: z.number(),
  dockerVersion: z.string().max(64).nullable(),
  composeVersion: z.string().max(64).nullable(),
  uptimeSeconds: z.number(),
});

/** State of one service of an app as the engine tells it. */
export const observedServiceSchema = z.object({
  service: z.string().max(63),
  state: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead', 'missing']),
  health: z.enum(['none', 'starting', 'healthy', 'unhealthy']),
  exitCode: z.number().int().nullable(),
  image: z.string().max(512),
  digest: z.string().max(128).nullable(),
  startedAt: z.string().max(40).nullable(),
  restarts: z.number().int(),
});

export const observedRouteSchema = z.object({
  routeId: id,
  hostname: z.string().max(253),
  /** `enabled` only when Traefik's API shows the router enabled with our rule. */
  status: z.enum(['pending', 'enabled', 'warning', 'disabled', 'absent']),
  message: z.string().max(512).nullable(),
});

export const observedRecordSchema = z.object({
  routeId: id,
  type: z.enum(['A', 'AAAA', 'CNAME']),
  name: z.string().max(253),
  content: z.string().max(253),
  status: z.enum(['present', 'absent', 'clash', 'unknown']),
});

export const observedVolumeSchema = z.object({ name: z.string().max(255), sizeBytes: z.number().nullable() });

export const observedExceptionSchema = z.object({
  rule: z.string().max(64),
  /** null: for the whole app. */
  service: z.string().max(63).nullable(),
  value: z.string().max(512),
  reason: z.string().max(512),
});

export const observedOpeningSchema = z.object({
  name: z.string().max(63),
  what: z.enum(['folder', 'device']),
  path: z.string().max(200),
  readOnly: z.boolean(),
});

/** One app on one node. */
export const observedAppSchema = z.object({
  appId: id,
  kind: z.enum(['app', 'ingress', 'connector', 'opening']),
  accepted: z.object({ number: z.number().int(), header: hash }).nullable(),
  running: z.object({ number: z.number().int(), header: hash }).nullable(),
  /** `away` = desired running but nothing healthy serves. */
  status: z.enum(['running', 'degraded', 'away', 'stopped', 'removed', 'applying']),
  services: z.array(observedServiceSchema).max(64),
  routes: z.array(observedRouteSchema).max(64),
  records: z.array(observedRecordSchema).max(64),
  volumes: z.array(observedVolumeSchema).max(128),
  /** Guardrails that the release which runs sets aside, as it was signed. */
  exceptions: z.array(observedExceptionSchema).max(64).default([]),
  /** What a release of kind `opening` has opened to apps. */
  opening: observedOpeningSchema.nullable().default(null),
});

/** Payload of a signed `report` envelope (after the common fields). */
export const observedStateSchema = z.object({
  node: id,
  seenAt: time,
  apps: z.array(observedAppSchema).max(2_000),
});

export type NodeFacts = z.output<typeof nodeFactsSchema>;
export type ObservedState = z.output<typeof observedStateSchema>;
export type ObservedApp = z.output<typeof observedAppSchema>;
export type ObservedService = z.output<typeof observedServiceSchema>;
export type ObservedRoute = z.output<typeof observedRouteSchema>;
export type ObservedException = z.output<typeof observedExceptionSchema>;
export type ObservedRecord = z.output<typeof observedRecordSchema>;

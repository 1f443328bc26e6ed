import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';
import {
  observedExceptionSchema,
  observedRecordSchema,
  observedRouteSchema,
  observedServiceSchema,
  observedVolumeSchema,
} from '../link/observed.ts';
import { enrolmentSchema } from '../rest/enrolments.ts';
import { changeSetVerbSchema, jobSchema } from '../rest/jobs.ts';
import { nodeSchema } from '../rest/nodes.ts';
import { hashSchema, idSchema, timeSchema } from '../rest/primitives.ts';
import { proposalVerbSchema } from '../rest/proposals.ts';
import { routeViewSchema } from '../rest/routes.ts';

const deviceKindSchema = z.enum(['desktop', 'cli', 'browser', 'automation']);

/** What this device is to its fleet. Nodes judge by the trust log; this only decides what a screen offers. */
export const deviceRoleSchema = z.enum(['owner', 'provisional-owner', 'operator', 'viewer']);

/**
 * Where the device stands. `unclaimed`: the core has no fleet. `claiming`: recovery words are to be written down.
 * `stranger`: the core has a fleet and this device is not in it. `joining`: an owner has to approve. `ready`: it is in.
 * `locked`: another window without a shared worker holds the device's data. `refused`: removed, or refused on joining.
 */
export const sessionPhaseSchema = z.enum([
  'loading',
  'unclaimed',
  'claiming',
  'stranger',
  'joining',
  'ready',
  'locked',
  'refused',
]);

/** Whether the core answers, since when, and why not. */
export const coreContactSchema = z.object({
  state: z.enum(['connecting', 'reachable', 'away']),
  since: timeSchema,
  fault: faultSchema.nullable(),
});

export const sessionViewSchema = z.object({
  phase: sessionPhaseSchema,
  fleet: z.object({ id: hashSchema, name: z.string() }).nullable(),
  core: z.object({
    /** host:port that was reached, or would be. */
    address: z.string(),
    /** hex SHA-256 of the core's public key: what a person compares with `overseer core init`'s output. */
    fingerprint: hashSchema.nullable(),
    version: z.string().nullable(),
    contact: coreContactSchema,
  }),
  device: z
    .object({
      deviceId: idSchema,
      name: z.string(),
      kind: deviceKindSchema,
      role: deviceRoleSchema,
      person: z.string(),
    })
    .nullable(),
  /** While `joining`: what to compare and the command for an owner's device. `code` is null until that device answers. */
  joining: z.object({ code: z.string().nullable(), command: z.string(), expiresAt: timeSchema }).nullable(),
  /** Rows and confirmed plans that the core does not have yet, and edits that it did not take. */
  unsent: z.object({ rows: z.number().int(), intents: z.number().int(), refused: z.number().int() }),
  /** When replica and core were last level; null: not since this start and never before. */
  levelAt: timeSchema.nullable(),
  /**
   * What went wrong in the background and was not shown elsewhere, newest last, at most 20 beside alarms. An alarm that a person has put
   * away is `hidden`: its notice is gone, the alarm stands where decisions wait.
   */
  notices: z.array(
    z.object({ id: z.string(), at: timeSchema, fault: faultSchema, hidden: z.literal(true).optional() }),
  ),
});

/** A node of the fleet with what runs on it. */
export const nodeRowSchema = nodeSchema.omit({ observed: true, hold: true, newestEntry: true }).extend({
  id: idSchema,
  /** Set while the node takes no change: since when, and what it waits for. */
  holding: z.object({ since: timeSchema, why: faultSchema.nullable() }).nullable(),
  /** When the node's last signed report was made. */
  seenAt: timeSchema.nullable(),
  apps: z.array(z.object({ appId: idSchema, name: z.string(), kind: z.enum(['app', 'ingress', 'connector']) })),
  ingress: z
    .object({
      appId: idSchema,
      httpPort: z.number().int(),
      httpsPort: z.number().int(),
      acme: z.object({ email: z.string(), caServer: z.string() }).nullable(),
      publicAddresses: z.array(z.string()),
      status: z.string(),
      /** Signed, and not only edited. */
      released: z.boolean(),
    })
    .nullable(),
  /** Folders and devices that an owner opened to apps. */
  openings: z.array(
    z.object({
      appId: idSchema,
      name: z.string(),
      what: z.enum(['folder', 'device']),
      path: z.string(),
      readOnly: z.boolean(),
      /** `away`: its path is gone or is something else now. `unsigned`: the node has not taken it yet. */
      status: z.enum(['open', 'away', 'unsigned']),
      /** Names of apps whose exceptions name it. */
      usedBy: z.array(z.string()),
    }),
  ),
  /** Guardrails that releases which run there set aside, by what the node last told. */
  exceptions: z.array(observedExceptionSchema.extend({ appId: idSchema, name: z.string() })),
  connectors: z.array(
    z.object({
      appId: idSchema,
      vendor: z.enum(['cloudflare']),
      zones: z.array(z.string()),
      baseUrl: z.string().nullable(),
      released: z.boolean(),
    }),
  ),
});

/** An invitation that waits for its server. `command` is there only on the device that made it. */
export const invitationSchema = enrolmentSchema
  .omit({ request: true, mac: true, admitHash: true })
  .extend({ id: idSchema, command: z.string().nullable() });

export const appStatusSchema = z.enum([
  'running',
  'degraded',
  'away',
  'stopped',
  'removed',
  'applying',
  /** Its node is not heard. */
  'unknown',
  /** Never signed. */
  'draft',
]);

/** One app in lists. */
export const appRowSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: z.enum(['app', 'ingress', 'connector']),
  node: z.object({ nodeId: idSchema, name: z.string(), status: z.enum(['online', 'offline', 'unknown']) }).nullable(),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('catalog'), id: z.string(), version: z.string() }),
    z.object({ kind: z.literal('compose') }),
  ]),
  status: appStatusSchema,
  /** What the last signed release asks for; null before the first. */
  wanted: z.enum(['running', 'stopped', 'removed']).nullable(),
  urls: z.array(z.string()),
  /** Last signed release, and the one that runs. */
  number: z.number().int(),
  running: z.number().int().nullable(),
  /** The job at work on it. */
  job: z.object({ id: idSchema, verb: changeSetVerbSchema, state: z.enum(['queued', 'running']) }).nullable(),
  /** Edited since the last signed release. */
  edited: z.boolean(),
  /** Secrets whose present value does not run yet where an older one does. */
  oldSecrets: z.array(z.string()),
  /** Name of the revoked device that signed the last release, where that does not stand. */
  voidSigner: z.string().nullable(),
  /** A confirmed change waits for the core. */
  waiting: z.boolean(),
  clashes: z.array(z.string()),
  /** When its node last told of it. */
  seenAt: timeSchema.nullable(),
});

export const releaseRowSchema = z.object({
  number: z.number().int(),
  header: hashSchema,
  issuedAt: timeSchema,
  verb: changeSetVerbSchema.nullable(),
  state: z.enum(['running', 'stopped', 'removed']).nullable(),
  by: z.object({ deviceId: idSchema, name: z.string() }),
  outcome: z.enum(['succeeded', 'failed', 'rolled-back', 'refused', 'superseded', 'waiting']).nullable(),
  isRunning: z.boolean(),
});

const secretUse = z.discriminatedUnion('as', [
  z.object({ as: z.literal('file'), service: z.string(), path: z.string() }),
  z.object({ as: z.literal('env'), service: z.string(), env: z.string() }),
]);

/** A secret without its value. */
export const secretRowSchema = z.object({
  id: idSchema,
  appId: idSchema,
  appName: z.string(),
  name: z.string(),
  version: z.number().int(),
  uses: z.array(secretUse),
  /** Set or rotated since the last signed release. */
  edited: z.boolean(),
  /** The server that does not run the present value yet but an older one; `runs` is that version where it is known. */
  old: z.object({ nodeName: z.string(), runs: z.number().int().nullable(), signed: z.boolean() }).nullable(),
  /** Names of removed servers and devices that could read the present value: until it is another one, it is not secret. */
  readBy: z.array(z.string()),
  /** Whether this device holds a copy that it can open. */
  canReveal: z.boolean(),
});

/** Everything of one app that is not edited through its document. */
export const appDetailSchema = z.object({
  row: appRowSchema,
  services: z.array(observedServiceSchema),
  volumes: z.array(observedVolumeSchema),
  routes: z.array(observedRouteSchema),
  records: z.array(observedRecordSchema),
  /** Guardrails that the release which runs sets aside. */
  exceptions: z.array(observedExceptionSchema),
  secrets: z.array(secretRowSchema),
  releases: z.array(releaseRowSchema),
  /** Of the Compose file as edited; empty while it can not be read. */
  outline: z.object({ services: z.array(z.string()), volumes: z.array(z.string()) }),
});

export const planLineSchema = z.object({
  id: z.string(),
  subject: z.enum([
    'state',
    'stack',
    'image',
    'env',
    'file',
    'secret',
    'volume',
    'route',
    'dns',
    'certificate',
    'exception',
    'settings',
  ]),
  change: z.enum(['add', 'change', 'remove']),
  text: z.string(),
});

/** A plan that a person can confirm. It is good until the app or its base changes; then its id is unknown. */
export const planViewSchema = z.object({
  planId: z.string(),
  verb: changeSetVerbSchema,
  appId: idSchema,
  appName: z.string(),
  node: z.object({ nodeId: idSchema, name: z.string() }),
  /** The signed release that it follows; null for the first. */
  base: z.number().int().nullable(),
  lines: z.array(planLineSchema),
  downtime: z.object({ kind: z.enum(['none', 'restart', 'removed']), text: z.string() }),
  /** Why it can not be confirmed as it is. */
  blocked: z.array(faultSchema),
  byHand: z.array(z.string()),
  /** Compose file before and after, where it changes. */
  stack: z.object({ before: z.string(), after: z.string() }).nullable(),
  /** Data that goes for ever. */
  deletes: z.array(z.object({ volume: z.string(), sizeBytes: z.number().nullable() })),
  /** Set when this device may not sign it: the one command for an owner's device. */
  ownerCommand: z.string().nullable(),
  /** When what it compares with was last known to be true; null while the core answers. */
  asOf: timeSchema.nullable(),
  urls: z.array(z.string()),
  /** Of a proposal: who asks, and the ids of the lines that stand there only because of it. The others waited before. */
  asked: z
    .object({
      proposal: idSchema,
      by: z.object({ kind: z.enum(['device', 'token']), name: z.string() }),
      note: z.string(),
      lines: z.array(z.string()),
    })
    .optional(),
});

/** An unsigned wish that waits; who asks is the core's word. */
export const proposalRowSchema = z.object({
  id: idSchema,
  verb: proposalVerbSchema,
  appName: z.string(),
  by: z.object({ kind: z.enum(['device', 'token']), name: z.string() }),
  note: z.string(),
  createdAt: timeSchema,
  expiresAt: timeSchema,
});

/** A confirmed change that waits for the core, or came back. */
export const intentViewSchema = z.object({
  id: idSchema,
  appId: idSchema,
  appName: z.string(),
  verb: changeSetVerbSchema,
  createdAt: timeSchema,
  state: z.enum(['waiting', 'clash']),
  lines: z.array(z.string()),
  fault: faultSchema.nullable(),
});

/** Edits of this device that the core did not take: they lie beside their document until a person decides. */
export const refusedEditSchema = z.object({
  id: hashSchema,
  /** Null: of the fleet's own list of apps. */
  appId: idSchema.nullable(),
  appName: z.string(),
  lines: z.array(z.string()),
  fault: faultSchema,
  /** Whether it can be made once more as it was. */
  canRewrite: z.boolean(),
});

/** Everything that is not signed and running yet: edits as plans, intents, and what the core did not take. */
export const pendingViewSchema = z.object({
  plans: z.array(planViewSchema),
  /** Apps whose edits give no plan, and why (a clash, a Compose file that can not be read, no node). */
  stuck: z.array(z.object({ appId: idSchema, appName: z.string(), fault: faultSchema })),
  intents: z.array(intentViewSchema),
  refused: z.array(refusedEditSchema),
});

/** A job in lists: its steps come with the topic `job`. */
export const jobRowSchema = jobSchema.omit({ steps: true });

/** A route, with its id as the row's. */
export const routeRowSchema = routeViewSchema.extend({
  id: idSchema,
  nodeName: z.string(),
  tls: z.enum(['acme', 'off']),
  /** What stands in the way and what to do; null when all is well or not known. */
  fault: faultSchema.nullable(),
});

/** A device or a person of the fleet, for the list of who may what. */
export const deviceRowSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: deviceKindSchema,
  person: z.string(),
  /** null: nothing by itself, as automation is; what it may are its grants. */
  role: deviceRoleSchema.nullable(),
  isThis: z.boolean(),
});

/** A device that asks to be let in. */
export const deviceRequestSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: deviceKindSchema,
  expiresAt: timeSchema,
  /** To compare with what the new device shows; null until this device began to answer. */
  code: z.string().nullable(),
});

export const catalogCardSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string(),
  website: z.string(),
  /** SVG text, shown only as an image. */
  icon: z.string().nullable(),
});

export const catalogInputViewSchema = z.object({
  name: z.string(),
  type: z.enum(['string', 'integer', 'boolean', 'choice']),
  label: z.string(),
  description: z.string().nullable(),
  optional: z.boolean(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  options: z.array(z.string()),
  pattern: z.string().nullable(),
  hint: z.string().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});

export const catalogAppViewSchema = catalogCardSchema.extend({
  inputs: z.array(catalogInputViewSchema),
  hasRoute: z.boolean(),
  secrets: z.array(z.object({ name: z.string(), description: z.string(), shown: z.boolean() })),
  volumes: z.array(z.object({ name: z.string(), description: z.string() })),
  compose: z.string(),
});

/** One line of a log, decoded; control characters are still in it: show it as text, escaped. */
export const logLineViewSchema = z.object({
  /** Counts from 0 within one stream. */
  seq: z.number().int(),
  service: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  at: z.string(),
  text: z.string(),
});

export type DeviceRole = z.output<typeof deviceRoleSchema>;
export type SessionPhase = z.output<typeof sessionPhaseSchema>;
export type SessionView = z.output<typeof sessionViewSchema>;
export type NodeRow = z.output<typeof nodeRowSchema>;
export type Invitation = z.output<typeof invitationSchema>;
export type AppStatus = z.output<typeof appStatusSchema>;
export type AppRow = z.output<typeof appRowSchema>;
export type AppDetail = z.output<typeof appDetailSchema>;
export type ReleaseRow = z.output<typeof releaseRowSchema>;
export type SecretRow = z.output<typeof secretRowSchema>;
export type PlanLineView = z.output<typeof planLineSchema>;
export type PlanView = z.output<typeof planViewSchema>;
export type IntentView = z.output<typeof intentViewSchema>;
export type RefusedEditView = z.output<typeof refusedEditSchema>;
export type ProposalRow = z.output<typeof proposalRowSchema>;
export type PendingView = z.output<typeof pendingViewSchema>;
export type JobRow = z.output<typeof jobRowSchema>;
export type RouteRow = z.output<typeof routeRowSchema>;
export type DeviceRow = z.output<typeof deviceRowSchema>;
export type DeviceRequest = z.output<typeof deviceRequestSchema>;
export type CatalogCard = z.output<typeof catalogCardSchema>;
export type CatalogInputView = z.output<typeof catalogInputViewSchema>;
export type CatalogAppView = z.output<typeof catalogAppViewSchema>;
export type LogLineView = z.output<typeof logLineViewSchema>;

import { z } from 'zod';
import type { PolicyRuleId } from '#shared/domain/policies/index.ts';
import { auditEntrySchema } from '../rest/audit.ts';
import { jobSchema } from '../rest/jobs.ts';
import { hashSchema, idSchema, nameSchema, timeSchema } from '../rest/primitives.ts';
import * as views from './views.ts';

/** One request with one answer. Every answer is a Result: a refusal is a Fault, never a thrown error. */
export interface Call {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

const nothing = z.strictObject({});
const appId = z.strictObject({ appId: idSchema });
const plan = views.planViewSchema;
const appName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63');

const routeWish = z.strictObject({
  hostname: z.string().min(1).max(253),
  service: z.string().max(63).optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  tls: z.enum(['acme', 'off']).optional(),
  dns: z.enum(['auto', 'manual', 'off']).optional(),
  address: z.string().max(253).optional(),
});

const secretUses = views.secretRowSchema.shape.uses;
const secretName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, - and _');
/** Values are text here; a person types or pastes them. */
const secretValue = z.string().min(1).max(262_144);

/** A guardrail that is set aside for one value; it counts once an owner signed it. */
const exception = z.strictObject({
  rule: z.string().max(64),
  service: z.string().max(63).nullable(),
  value: z.string().max(512),
  reason: z.string().min(1).max(512),
});

/** The id of a guardrail, from its table: typed here, so that no screen or double makes one up. */
const rule = z.custom<PolicyRuleId>((id) => typeof id === 'string');

/** All calls by name. A call that signs takes a `planId`; in Electron the main process asks the person in between. */
export const calls = {
  // First run
  /** Checks the setup code, makes keys and genesis, gives the recovery words to show once. Nothing is claimed yet. */
  beginClaim: {
    input: z.strictObject({
      setupCode: z.string().min(1).max(256),
      fleetName: nameSchema,
      personName: nameSchema,
      deviceName: nameSchema,
      /** Where the core is; a page that the core served knows. */
      address: z.string().max(300).optional(),
    }),
    output: z.object({ words: z.array(z.string()).length(24), ask: z.array(z.number().int()).length(3) }),
  },
  /** The asked words, by their place from 0; then the core is claimed. */
  finishClaim: {
    input: z.strictObject({
      words: z.array(z.strictObject({ place: z.number().int().min(0).max(23), word: z.string().max(32) })).length(3),
    }),
    output: nothing,
  },
  /** Throws the begun claim away. */
  cancelClaim: { input: nothing, output: nothing },
  /** Asks to be let into a fleet that is claimed already; `session.joining` says what to do next. */
  beginJoin: {
    input: z.strictObject({ deviceName: nameSchema, address: z.string().max(300).optional() }),
    output: nothing,
  },
  cancelJoin: { input: nothing, output: nothing },
  /** Forgets keys and replica of this device; only when nothing unsent would be lost, or `evenUnsent`. */
  forgetDevice: { input: z.strictObject({ evenUnsent: z.boolean().default(false) }), output: nothing },

  /** Tries to reach the core now instead of after the present rest. */
  retryContact: { input: nothing, output: nothing },

  // Nodes
  inviteNode: { input: z.strictObject({ name: nameSchema }), output: views.invitationSchema },
  cancelInvitation: { input: z.strictObject({ id: idSchema }), output: nothing },
  /** Asks a node which of these TCP ports are free and what its addresses are. */
  probeNode: {
    input: z.strictObject({ nodeId: idSchema, ports: z.array(z.number().int().min(1).max(65_535)).max(32) }),
    output: z.object({
      engine: z.string().nullable(),
      compose: z.string().nullable(),
      ports: z.array(z.object({ port: z.number().int(), state: z.enum(['free', 'taken', 'ours']) })),
      addresses: z.array(z.string()),
    }),
  },
  planIngress: {
    input: z.strictObject({
      nodeId: idSchema,
      httpPort: z.number().int().min(1).max(65_535).default(80),
      httpsPort: z.number().int().min(1).max(65_535).default(443),
      acme: z
        .strictObject({
          email: z.email().max(254),
          caServer: z.url().max(512).optional(),
          caCertificates: z.string().max(65_536).optional(),
        })
        .nullable(),
      publicAddresses: z.array(z.string().max(253)).max(8).default([]),
    }),
    output: plan,
  },
  planCloudflare: {
    input: z.strictObject({
      nodeId: idSchema,
      /** Absent: the present one stays. */
      token: z.string().min(20).max(512).optional(),
      zones: z.array(z.string().max(253)).max(256).default([]),
      baseUrl: z.url().max(512).optional(),
    }),
    output: plan,
  },
  /** Lets the node test its Cloudflare token: what it may, what is missing. */
  testCloudflare: {
    input: z.strictObject({ nodeId: idSchema }),
    output: z.object({
      zones: z.array(z.string()),
      missing: z.array(z.string()),
      ok: z.boolean(),
      text: z.string(),
    }),
  },

  // Catalogue and new apps
  listCatalog: { input: nothing, output: z.object({ apps: z.array(views.catalogCardSchema) }) },
  readCatalog: { input: z.strictObject({ id: z.string().max(40) }), output: views.catalogAppViewSchema },
  /** Makes an app in desired state (nothing runs yet) and gives its first plan. */
  createApp: {
    input: z.strictObject({
      name: appName,
      nodeId: idSchema,
      source: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('catalog'),
          id: z.string().max(40),
          inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
        }),
        z.strictObject({ kind: z.literal('compose'), compose: z.string().max(262_144) }),
      ]),
      route: routeWish.optional(),
      secrets: z
        .array(z.strictObject({ name: secretName, value: secretValue, uses: secretUses }))
        .max(64)
        .default([]),
      /** Plain variables, over those that the source brings. */
      env: z.record(z.string().regex(/^[A-Za-z_]\w{0,127}$/), z.string().max(32_768)).default({}),
      exceptions: z.array(exception).max(64).default([]),
    }),
    output: z.object({ appId: idSchema, plan }),
  },
  /** Throws away an app that was never signed. */
  discardDraft: { input: appId, output: nothing },

  // Plans
  /** Plan of an order that changes only the app's state, or goes back to an earlier release. */
  planOrder: {
    input: z.strictObject({
      appId: idSchema,
      verb: z.enum(['stop', 'start', 'remove', 'rollback']),
      /** With rollback: the release; absent: the last good one before the present. */
      number: z.number().int().min(1).optional(),
      /** With remove: its data too. The app's name must be given as consent. */
      deleteData: z.strictObject({ confirmName: z.string() }).optional(),
    }),
    output: plan,
  },
  /** A plan that this device made and that is still good, by its id; what the desktop shows again before it signs. */
  readPlan: { input: z.strictObject({ planId: z.string().max(128) }), output: plan },
  /** Signs a plan that was shown, or keeps it as an intent while the core is away. */
  confirmPlan: {
    input: z.strictObject({ planId: z.string().max(128) }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('sent'), jobs: z.array(idSchema), number: z.number().int() }),
      z.object({ outcome: z.literal('waiting'), intent: idSchema }),
    ]),
  },
  discardIntent: { input: z.strictObject({ id: idSchema }), output: nothing },
  /** Makes an edit once more that the core did not take, or lets go of it. */
  settleRefused: {
    input: z.strictObject({ id: hashSchema, how: z.enum(['rewrite', 'discard']) }),
    output: nothing,
  },
  /** Brings an app's desired state back to its last signed release. */
  revertEdits: { input: appId, output: nothing },
  /** Settles a clash by one of its values. */
  settleClash: {
    input: z.strictObject({ appId: idSchema, field: z.string().max(128), entryId: idSchema }),
    output: nothing,
  },
  /** The values that stand against each other. */
  readClashes: {
    input: appId,
    output: z.object({
      clashes: z.array(
        z.object({
          field: z.string(),
          entries: z.array(z.object({ id: idSchema, author: z.string(), at: timeSchema, text: z.string() })),
        }),
      ),
    }),
  },
  restartApp: { input: z.strictObject({ appId: idSchema, service: z.string().max(63).optional() }), output: nothing },
  /** Compose files of two releases (0: as edited). */
  readRelease: {
    input: z.strictObject({ appId: idSchema, number: z.number().int().min(0) }),
    output: z.object({
      number: z.number().int(),
      compose: z.string(),
      env: z.record(z.string(), z.string()),
      text: z.string(),
    }),
  },
  /** Guardrails and shape of a Compose file as it is typed. Lines and columns count from 1. */
  judgeCompose: {
    input: z.strictObject({
      appId: idSchema.optional(),
      compose: z.string().max(262_144),
      /** Secrets that an app to be made will have: they are sealed then, and lie nowhere in plain text. */
      secrets: z.array(z.string().max(128)).max(128).default([]),
    }),
    output: z.object({
      findings: z.array(
        z.object({
          line: z.number().int().nullable(),
          column: z.number().int().nullable(),
          severity: z.enum(['error', 'guardrail']),
          rule: rule.nullable(),
          message: z.string(),
          next: z.string(),
          /** What an owner can run first, so that the exception names what is opened and no path. */
          command: z.string().optional(),
          /** What a signed exception would have to name; null where none is possible. */
          exception: z.object({ rule, service: z.string().nullable(), value: z.string() }).nullable(),
        }),
      ),
      services: z.array(z.string()),
    }),
  },

  // Secrets
  setSecret: {
    input: z.strictObject({ appId: idSchema, name: secretName, value: secretValue, uses: secretUses.optional() }),
    output: nothing,
  },
  /** A new random value, 32 letters and digits; nobody has to see it. */
  generateSecret: {
    input: z.strictObject({ appId: idSchema, name: secretName, uses: secretUses.optional() }),
    output: nothing,
  },
  removeSecret: { input: z.strictObject({ appId: idSchema, name: secretName }), output: nothing },
  revealSecret: {
    input: z.strictObject({ appId: idSchema, name: secretName }),
    output: z.object({ value: z.string() }),
  },

  // Jobs
  retryJob: { input: z.strictObject({ jobId: idSchema }), output: jobSchema },
  cancelJob: { input: z.strictObject({ jobId: idSchema }), output: jobSchema },

  // Audit
  /** Entries newest first, `before` a sequence number. */
  listAudit: {
    input: z.strictObject({
      before: z.number().int().min(1).optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: z.object({
      entries: z.array(auditEntrySchema.omit({ envelope: true }).extend({ by: z.string() })),
      head: hashSchema.nullable(),
    }),
  },
  /** Verifies the whole log here, against what this device has witnessed. */
  verifyAudit: {
    input: nothing,
    output: z.object({
      verdict: z.enum(['verified', 'consistent-only', 'broken']),
      sentence: z.string(),
      findings: z.array(z.string()),
      entries: z.number().int(),
      nodes: z.array(z.object({ name: z.string(), entries: z.number().int() })),
    }),
  },
  /** JSON Lines, as `overseer audit verify --file` takes them. */
  exportAudit: { input: nothing, output: z.object({ text: z.string() }) },

  // Devices
  /** AUD-8: lets go of the alarms that stand, for their person has looked into them. They are told again when they go on. */
  settleAlarms: { input: nothing, output: nothing },

  /** Begins to answer a device that asks; its row then carries the code to compare. */
  answerDevice: { input: z.strictObject({ id: idSchema }), output: views.deviceRequestSchema },
  /** The person saw the same code on both: signs the device in. */
  approveDevice: { input: z.strictObject({ id: idSchema }), output: nothing },
  refuseDevice: { input: z.strictObject({ id: idSchema }), output: nothing },
  /** Plans what a proposal asks for; confirming that plan accepts it. Nothing is written before. */
  planProposal: { input: z.strictObject({ id: idSchema }), output: plan },
  /** Says no; who asked reads the reason. */
  declineProposal: {
    input: z.strictObject({ id: idSchema, reason: z.string().max(512).default('') }),
    output: nothing,
  },

  dismissNotice: { input: z.strictObject({ id: z.string().max(64) }), output: nothing },
} as const satisfies Record<string, Call>;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;

/** The call as its plain interface, for code that walks the table. */
export function callOf(name: CallName): Call {
  return calls[name];
}

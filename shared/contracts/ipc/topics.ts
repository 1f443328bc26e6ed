import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';
import { jobSchema } from '../rest/jobs.ts';
import { idSchema } from '../rest/primitives.ts';
import { topicShapes } from './topic-shapes.ts';
import * as views from './views.ts';

/**
 * Live state that the replica host pushes. `value`: every message replaces the last. `collection`: rows by `id`, the
 * first message whole, later ones only what changed. `stream`: lists to append; the host sends on only as the reader
 * acknowledges, so a slow screen slows the source. A topic that ends sends why.
 */
export interface Topic {
  readonly shape: 'value' | 'collection' | 'stream';
  readonly params: z.ZodType;
  /** The value, one row, or one item. */
  readonly item: z.ZodType;
}

const none = z.strictObject({});

/** All topics by name. */
export const topics = {
  /** This device, its fleet and the core. */
  session: { shape: topicShapes.session, params: none, item: views.sessionViewSchema },
  nodes: { shape: topicShapes.nodes, params: none, item: views.nodeRowSchema },
  invitations: { shape: topicShapes.invitations, params: none, item: views.invitationSchema },
  apps: { shape: topicShapes.apps, params: none, item: views.appRowSchema },
  app: { shape: topicShapes.app, params: z.strictObject({ appId: idSchema }), item: views.appDetailSchema },
  /** The plan of an app's edits, made anew whenever they change; null when there is nothing to sign. */
  plan: {
    shape: topicShapes.plan,
    params: z.strictObject({ appId: idSchema }),
    item: z.object({ plan: views.planViewSchema.nullable(), fault: faultSchema.nullable() }),
  },
  pending: { shape: topicShapes.pending, params: none, item: views.pendingViewSchema },
  /** The newest 500. */
  jobs: { shape: topicShapes.jobs, params: none, item: views.jobRowSchema },
  job: { shape: topicShapes.job, params: z.strictObject({ jobId: idSchema }), item: jobSchema },
  routes: { shape: topicShapes.routes, params: none, item: views.routeRowSchema },
  /** Secrets of all apps. */
  secrets: { shape: topicShapes.secrets, params: none, item: views.secretRowSchema },
  devices: { shape: topicShapes.devices, params: none, item: views.deviceRowSchema },
  deviceRequests: { shape: topicShapes.deviceRequests, params: none, item: views.deviceRequestSchema },
  /** Unsigned wishes that wait for a device. */
  proposals: { shape: topicShapes.proposals, params: none, item: views.proposalRowSchema },
  /** Log lines of an app (all services, or one), from the last `tail` on. */
  logs: {
    shape: topicShapes.logs,
    params: z.strictObject({
      appId: idSchema,
      service: z.string().max(63).optional(),
      tail: z.number().int().min(0).max(10_000).default(500),
    }),
    item: views.logLineViewSchema,
  },
  /** Log lines of the node's own agent. */
  nodeLogs: {
    shape: topicShapes.nodeLogs,
    params: z.strictObject({ nodeId: idSchema, tail: z.number().int().min(0).max(10_000).default(500) }),
    item: views.logLineViewSchema,
  },
} as const satisfies Record<keyof typeof topicShapes, Topic>;

export type TopicName = keyof typeof topics;
export type TopicParams<N extends TopicName> = z.input<(typeof topics)[N]['params']>;
export type TopicItem<N extends TopicName> = z.output<(typeof topics)[N]['item']>;

/** What a subscriber gets, by the topic's shape. */
export type TopicMessage<N extends TopicName> = (typeof topics)[N]['shape'] extends 'value'
  ? TopicItem<N>
  : (typeof topics)[N]['shape'] extends 'collection'
    ? { readonly set: readonly TopicItem<N>[]; readonly drop: readonly string[]; readonly whole: boolean }
    : { readonly append: readonly TopicItem<N>[] };

/** The topic as its plain interface, for code that walks the table. */
export function topicOf(name: TopicName): Topic {
  return topics[name];
}

/** A message of a topic, checked by its schema. Throws a ZodError when it does not fit. */
export function parseTopicMessage(name: TopicName, message: unknown): unknown {
  const { shape, item } = topicOf(name);
  if (shape === 'value') return item.parse(message);
  if (shape === 'stream') return z.strictObject({ append: z.array(item) }).parse(message);
  return z.strictObject({ set: z.array(item), drop: z.array(z.string()), whole: z.boolean() }).parse(message);
}

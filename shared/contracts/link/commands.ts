import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';

/**
 * What commands carry in `args` and what their sealed frames say. The plain text of the frames, joined in order, is for
 * `logs` and `agent-logs` a list of JSON lines (logLineSchema), for all other verbs with an answer one JSON value.
 */

const id = z.string().regex(/^[a-z2-7]{26}$/);
const service = z.string().regex(/^[a-zA-Z0-9._-]{1,63}$/);

/** Arguments per verb. */
export const commandArgsSchemas = {
  logs: z.strictObject({
    appId: id,
    service: service.optional(),
    /** Lines from the end, per service. */
    tail: z.number().int().min(0).max(10_000).default(200),
    follow: z.boolean().default(false),
    since: z.iso.datetime().nullable().default(null),
  }),
  restart: z.strictObject({ appId: id, service: service.optional() }),
  volumes: z.strictObject({ appId: id }),
  /** `ports`: TCP ports to try on this node. */
  probe: z.strictObject({ ports: z.array(z.number().int().min(1).max(65_535)).max(32).default([]) }),
  /** appId of the connector's release. */
  'dns-test': z.strictObject({ connector: id }),
  /** The agent's own log since it started, at most its newest lines. */
  'agent-logs': z.strictObject({
    tail: z.number().int().min(0).max(10_000).default(200),
    follow: z.boolean().default(false),
  }),
};

/** One line of an app's log; `line` is base64 of its bytes without the line end. A stream that breaks ends with a fault. */
export const logLineSchema = z.union([
  z.object({ service: z.string(), stream: z.enum(['stdout', 'stderr']), time: z.string(), line: z.string() }),
  z.object({ fault: faultSchema }),
]);

export const volumesAnswerSchema = z.object({
  volumes: z.array(z.object({ name: z.string(), sizeBytes: z.number().nullable() })),
});

export const probeAnswerSchema = z.object({
  /** Version of the engine, null when it does not answer. */
  engine: z.string().nullable(),
  compose: z.string().nullable(),
  ports: z.array(
    z.object({
      port: z.number().int(),
      /** `ours`: the ingress of this fleet listens there. */
      state: z.enum(['free', 'taken', 'ours']),
    }),
  ),
  /** Addresses of this node's network cards, loopback and link-local left out. */
  addresses: z.array(z.string()),
});

export type LogLineMessage = z.output<typeof logLineSchema>;
export type VolumesAnswer = z.output<typeof volumesAnswerSchema>;
export type ProbeAnswer = z.output<typeof probeAnswerSchema>;

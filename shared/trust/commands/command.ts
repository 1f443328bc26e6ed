import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { countSchema, hashSchema, idSchema, key32Schema, timeSchema } from '../formats.ts';

export const commandVerbSchema = z.enum(['logs', 'restart', 'dns-test', 'volumes', 'probe', 'agent-logs']);

/** A momentary order to one node, bound to that agent's present start by `session`. */
export const commandSchema = z.looseObject({
  ...commonFields,
  fleet: hashSchema,
  node: idSchema,
  verb: commandVerbSchema,
  /** The verb's own arguments, checked by the node's handler of that verb. */
  args: z.record(z.string().max(64), z.unknown()),
  session: idSchema,
  /** Random per replica instance of the device; `counter` grows within it. */
  writer: idSchema,
  counter: countSchema,
  /** At most 15 minutes ahead. */
  expiresAt: timeSchema,
  /** One-time X25519 key that the answer's stream is sealed to. */
  replyKey: key32Schema.nullable(),
});
export type Command = z.output<typeof commandSchema>;
export type CommandVerb = z.output<typeof commandVerbSchema>;

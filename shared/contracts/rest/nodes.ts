import { z } from 'zod';
import { nodeHoldSchema } from '../link/messages.ts';
import { nodeFactsSchema, observedStateSchema } from '../link/observed.ts';
import { envelopeSchema, idSchema, timeSchema } from './primitives.ts';

/** `unknown` after a start of the core until the node's first contact; `offline` after 15 s of silence. */
export const nodeStatusSchema = z.enum(['online', 'offline', 'unknown']);

export const nodeSchema = z.object({
  nodeId: idSchema,
  name: z.string(),
  status: nodeStatusSchema,
  lastSeenAt: timeSchema.nullable(),
  /** Random at each start of the agent; commands are bound to it. Null while the node is away. */
  session: idSchema.nullable(),
  facts: nodeFactsSchema.nullable(),
  observed: observedStateSchema.nullable(),
  /** HOLD-1: null while the node is away. */
  hold: nodeHoldSchema.nullable().default(null),
  /** The newest entry of the node's own chain that the core holds: signed by the node, so that a device can keep its head. */
  newestEntry: envelopeSchema.nullable().default(null),
});

/** POST nodes/{id}/statements: an answer to the open question of a node. */
export const statementRequestSchema = z.strictObject({ statement: envelopeSchema });

/** `passed` is false where the node does not ask any more: somebody else was first. */
export const statementResponseSchema = z.object({ passed: z.boolean() });

export const nodesResponseSchema = z.object({ nodes: z.array(nodeSchema) });

export type NodeView = z.output<typeof nodeSchema>;
export type NodeStatus = z.output<typeof nodeStatusSchema>;
export type StatementResponse = z.output<typeof statementResponseSchema>;
export type NodesResponse = z.output<typeof nodesResponseSchema>;

import { z } from 'zod';
import { nodeFactsSchema, observedStateSchema } from '../link/observed.ts';
import { idSchema, timeSchema } from './primitives.ts';

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
});

export const nodesResponseSchema = z.object({ nodes: z.array(nodeSchema) });

export type NodeView = z.output<typeof nodeSchema>;
export type NodeStatus = z.output<typeof nodeStatusSchema>;
export type NodesResponse = z.output<typeof nodesResponseSchema>;

import { z } from 'zod';
import { envelopeField as envelope } from '../envelope.ts';
import { faultSchema } from '../errors/fault-schema.ts';

/** WebSocket subprotocol of `/api/sync` on port 7443: rows between a replica and the core. */
export const SYNC_PROTOCOL = 'overseer.sync.v1';

/** Largest frame, in bytes. */
export const SYNC_MAX_FRAME_BYTES = 1024 * 1024;

const id = z.string().regex(/^[a-z2-7]{26}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const documentName = z.string().regex(/^(fleet|app:[a-z2-7]{26})$/);

/** Per document and writer: the highest sequence number held. */
export const headsSchema = z.record(documentName, z.record(id, z.number().int().min(1)));

export const replicaToCoreSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('hello'), version: z.string().max(64), trustHead: hash, heads: headsSchema }),
  z.looseObject({ type: z.literal('push'), id, rows: z.array(envelope).min(1).max(256) }),
]);

export const coreToReplicaSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('trust'), entries: z.array(envelope).max(1_000) }),
  z.looseObject({ type: z.literal('rows'), rows: z.array(envelope).max(256) }),
  /** All rows the core held at `hello` have been sent. */
  z.looseObject({ type: z.literal('synced'), heads: headsSchema }),
  /** Durable: the rows of this push are on the core's disk, or stand in `refused` with the reason. */
  z.looseObject({
    type: z.literal('ack'),
    id,
    accepted: z.array(hash),
    refused: z.array(z.object({ row: hash, fault: faultSchema })),
  }),
]);

export type ReplicaToCore = z.output<typeof replicaToCoreSchema>;
export type CoreToReplica = z.output<typeof coreToReplicaSchema>;
export type Heads = z.output<typeof headsSchema>;

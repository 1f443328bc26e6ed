import { z } from 'zod';
import { envelopeField as envelope } from '../envelope.ts';
import { faultSchema } from '../errors/fault-schema.ts';
import { nodeFactsSchema } from './observed.ts';

/** WebSocket subprotocol on port 7444. The number grows when a message changes its meaning. */
export const LINK_PROTOCOL = 'overseer.link.v1';

/** Largest frame either side takes, in bytes. Larger objects go as several `object` messages. */
export const LINK_MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** Frames a node may send on a stream before the first `credit`; each credit adds to what is left. */
export const STREAM_INITIAL_CREDIT = 16;

/** A node is `offline` when it was silent for this long, in milliseconds. Heartbeats come every HEARTBEAT_MS. */
export const OFFLINE_AFTER_MS = 15_000;
export const HEARTBEAT_MS = 5_000;

const id = z.string().regex(/^[a-z2-7]{26}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = z.string();

/** Names of the steps of a job, in the order a person reads them. */
export const stepNameSchema = z.enum([
  'queue',
  'send',
  'verify',
  'gates',
  'files',
  'secrets',
  'pull',
  'start',
  'health',
  'network',
  'route',
  'dns',
  'certificate',
  'stop',
  'remove',
  'rollback',
  'report',
  'probe',
]);

export const stepStateSchema = z.enum(['started', 'progress', 'done', 'failed', 'skipped']);

/** The one thing an unknown peer may send, either way: an extension of the trust log. */
const trustExtensionSchema = z.looseObject({ type: z.literal('trust'), entries: z.array(envelope).max(1_000) });

/** HOLD-1: whether a node takes changes, and the question that it has open. */
export const nodeHoldSchema = z.object({
  holding: z.boolean(),
  /** Of the open question; a node may ask before it holds. */
  nonce: id.nullable(),
  since: z.iso.datetime({ precision: 3 }),
  /** Head of the node's own chain: what an owner lets it go on from. */
  head: z
    .object({ seq: z.number().int().min(1), hash })
    .nullable()
    .default(null),
  /** While it holds: what it waits for. */
  why: faultSchema.nullable(),
});
export type NodeHold = z.output<typeof nodeHoldSchema>;

export const nodeToCoreSchema = z.discriminatedUnion('type', [
  trustExtensionSchema,
  z.looseObject({
    type: z.literal('hello'),
    version: z.string().max(64),
    node: id,
    /** Random at each agent start: commands are bound to it. */
    session: id,
    trustHead: hash,
    /** Head of the node's own audit chain. */
    nodeAuditHead: hash.nullable(),
    nodeAuditSeq: z.number().int(),
    floors: z
      .array(
        z.looseObject({ appId: id, accepted: z.number().int(), header: hash, outcome: z.string().max(32).nullable() }),
      )
      .max(10_000),
    facts: nodeFactsSchema,
  }),
  z.looseObject({ type: z.literal('heartbeat'), facts: nodeFactsSchema }),
  /** Progress of applying one release. `text` is for people; it never holds a secret. */
  z.looseObject({
    type: z.literal('step'),
    appId: id,
    header: hash,
    step: stepNameSchema,
    state: stepStateSchema,
    at: z.iso.datetime(),
    text: z.string().max(2_048),
  }),
  /** The end of a release on this node; `proof` is the node-audit envelope that says the same, signed. */
  z.looseObject({
    type: z.literal('outcome'),
    appId: id,
    header: hash,
    number: z.number().int(),
    outcome: z.enum(['succeeded', 'failed', 'rolled-back', 'refused', 'superseded']),
    /** How long the app did not serve because of this release. */
    awayMs: z.number().int().nullable(),
    fault: faultSchema.nullable(),
    /** On a refusal for a number that is taken: the envelope of the node's floor header. */
    floor: envelope.nullable(),
    proof: envelope,
  }),
  z.looseObject({ type: z.literal('report'), envelope }),
  z.looseObject({ type: z.literal('audit'), entries: z.array(envelope).max(256) }),
  /** Sent after the hello, at each change, and again while the question is open. */
  z.looseObject({ type: z.literal('holding'), hold: nodeHoldSchema }),
  /** HOLD-3: this node's answer to the question of another one. */
  z.looseObject({ type: z.literal('statement'), node: id, envelope }),
  /** Entries of its own chain that this node has lost and the core still holds. */
  z.looseObject({ type: z.literal('need-own-audit'), afterSeq: z.number().int().min(0) }),
  z.looseObject({ type: z.literal('need-object'), hash }),
  z.looseObject({ type: z.literal('need-chain'), appId: id, afterNumber: z.number().int() }),
  /**
   * Comes once per command, before its frames. After `ok` with a `hello`, frames follow; the first byte of the last one
   * is 1 (STR-3), of the others 0. Without a hello (no replyKey, or refused) there are no frames.
   */
  z.looseObject({
    type: z.literal('command-result'),
    command: hash,
    ok: z.boolean(),
    fault: faultSchema.nullable(),
    hello: base64.nullable(),
  }),
  /** A sealed frame of the stream that a command opened; the core passes it on and can not read it. */
  z.looseObject({ type: z.literal('frame'), command: hash, data: base64 }),
]);

export const coreToNodeSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('welcome'),
    version: z.string().max(64),
    coreAuditHead: hash.nullable(),
    nodeAuditSeq: z.number().int(),
  }),
  trustExtensionSchema,
  z.looseObject({
    type: z.literal('release'),
    job: id,
    appId: id,
    /** Headers from just above the node's floor to this release, oldest first; the last is this release. */
    chain: z.array(envelope).min(1).max(1_000),
    /** Base64 of the exact body bytes of the last header. */
    body: base64,
    /** Objects the body names (files, nodeCopies): hash and bytes. Missing ones are asked for by need-object. */
    objects: z.array(z.object({ hash, data: base64 })).max(512),
  }),
  z.looseObject({ type: z.literal('object'), hash, data: base64.nullable() }),
  z.looseObject({ type: z.literal('command'), envelope }),
  /**
   * The logs of an app for an API token, sealed to the core's own one-time key: the node gives them where an owner
   * granted that in the trust log (LOG-26). Answered like a command, under the random `command`.
   */
  z.looseObject({
    type: z.literal('clear-logs'),
    command: hash,
    tokenId: id,
    appId: id,
    args: z.record(z.string().max(64), z.unknown()),
    replyKey: z.string().length(43),
  }),
  z.looseObject({ type: z.literal('credit'), command: hash, frames: z.number().int().min(0).max(1_024) }),
  z.looseObject({ type: z.literal('cancel'), command: hash }),
  z.looseObject({ type: z.literal('audit-ack'), seq: z.number().int() }),
  /** Answer to need-own-audit, oldest first: the node's own signature is on each. */
  z.looseObject({ type: z.literal('own-audit'), entries: z.array(envelope).max(256) }),
  /** Newest entries of the chains of other nodes: who sees them is a witness. */
  z.looseObject({ type: z.literal('heads'), entries: z.array(envelope).max(1_000) }),
  /** Another node asks what is newest; who does not hold answers with a statement. */
  z.looseObject({ type: z.literal('vouch'), node: id, nonce: id }),
  /** Somebody's answer to this node's question. */
  z.looseObject({ type: z.literal('statement'), envelope }),
  z.looseObject({ type: z.literal('outcome-ack'), header: hash }),
]);

/** WebSocket paths on port 7444: the link itself, and the exchange of one `trust` message with a stranger. */
export const LINK_PATH = '/link';
export const LINK_TRUST_PATH = '/trust';
/** Header of the upgrade request and its answer: the version of the program (P9). */
export const LINK_VERSION_HEADER = 'overseer-version';

export type NodeToCore = z.output<typeof nodeToCoreSchema>;
export type CoreToNode = z.output<typeof coreToNodeSchema>;
export type StepName = z.output<typeof stepNameSchema>;
export type StepState = z.output<typeof stepStateSchema>;

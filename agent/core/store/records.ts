import type { ChangeSetVerb, Enrolment, Job, JobStep, Proposal } from '#shared/contracts/rest/index.ts';
import type { Envelope } from '#shared/trust/index.ts';

/** A trust entry in causal order. */
export interface StoredTrustEntry {
  readonly hash: string;
  readonly envelope: Envelope;
}

/** A verified row of desired state. */
export interface StoredRowRecord {
  readonly hash: string;
  readonly doc: string;
  readonly writer: string;
  readonly seq: number;
  readonly device: string;
  readonly envelope: Envelope;
}

/** A verified release header. */
export interface StoredHeader {
  readonly hash: string;
  readonly appId: string;
  readonly node: string;
  readonly number: number;
  readonly previous: string | null;
  readonly body: string;
  readonly changeSet: string;
  readonly envelope: Envelope;
}

export interface StoredChangeSet {
  readonly id: string;
  readonly hash: string;
  readonly verb: ChangeSetVerb;
  readonly device: string;
  readonly envelope: Envelope;
  readonly at: string;
}

/** A job without its step log, which is rebuildable and lies in the other file. */
export type JobRecord = Omit<Job, 'steps'> & {
  /** Headers of the same change set that must have succeeded first. */
  readonly after: readonly string[];
};

/** One durable change of a job's state. */
export interface JobTransition {
  readonly job: string;
  readonly at: string;
  readonly from: Job['state'] | null;
  readonly to: Job['state'];
  readonly event: string;
}

/** An enrolment token as the core knows it. */
export type EnrolmentRecord = Omit<Enrolment, 'state'> & {
  readonly state: Exclude<Enrolment['state'], 'expired'>;
  /** Device that made the token. */
  readonly device: string;
  /** Key of the node that came first; known from its request. */
  readonly signKey: string | null;
};

/** `state` is never `expired` here: that is a matter of the clock. */
export type ProposalRecord = Proposal;

/** An API token: the signed order that made it, and the one that ended it. */
export interface TokenRecord {
  readonly tokenId: string;
  readonly made: Envelope;
  readonly revoked: Envelope | null;
}

/** An entry of the core's own chain: the exact text and its hash. */
export interface StoredAuditEntry {
  readonly seq: number;
  readonly hash: string;
  readonly bytes: string;
}

/** An entry of a node's chain. */
export interface StoredNodeAudit {
  readonly node: string;
  readonly seq: number;
  readonly hash: string;
  readonly envelope: Envelope;
}

/** What the core last heard of a node. */
export interface NodeSighting {
  readonly node: string;
  readonly at: string;
  /** JSON of NodeFacts. */
  readonly facts: string | null;
}

export interface JobsQuery {
  readonly state?: Job['state'] | undefined;
  readonly appId?: string | undefined;
  readonly node?: string | undefined;
  readonly limit?: number | undefined;
}

export type { Job, JobStep };

import type {
  EnrolmentRecord,
  JobRecord,
  JobStep,
  JobsQuery,
  JobTransition,
  NodeSighting,
  ProposalRecord,
  StoredAuditEntry,
  StoredChangeSet,
  StoredHeader,
  StoredNodeAudit,
  StoredRowRecord,
  StoredTrustEntry,
  TokenRecord,
} from './records.ts';

/** What may be read, inside a write or outside. Lists are in the order of insertion unless said. */
export interface DurableReads {
  getMeta(key: string): Promise<string | undefined>;
  listTrust(): Promise<StoredTrustEntry[]>;
  listRows(): Promise<StoredRowRecord[]>;
  getObject(hash: string): Promise<Uint8Array | undefined>;
  /** Those of `hashes` that are held. */
  heldObjects(hashes: readonly string[]): Promise<Set<string>>;
  getHeader(hash: string): Promise<StoredHeader | undefined>;
  /** By app, node, number. */
  listHeaders(query: { appId?: string; node?: string }): Promise<StoredHeader[]>;
  /** Hash of the header that the next one of this app on this node must name as `previous`. */
  getTip(appId: string, node: string): Promise<string | undefined>;
  getChangeSet(id: string): Promise<StoredChangeSet | undefined>;
  getJob(id: string): Promise<JobRecord | undefined>;
  getJobByHeader(header: string): Promise<JobRecord | undefined>;
  /** Newest first. */
  listJobs(query: JobsQuery): Promise<JobRecord[]>;
  listTransitions(job: string): Promise<JobTransition[]>;
  getEnrolment(admitHash: string): Promise<EnrolmentRecord | undefined>;
  listEnrolments(): Promise<EnrolmentRecord[]>;
  getProposal(id: string): Promise<ProposalRecord | undefined>;
  /** Oldest first. */
  listProposals(): Promise<ProposalRecord[]>;
  listTokens(): Promise<TokenRecord[]>;
  auditHead(): Promise<StoredAuditEntry | undefined>;
  getAuditEntry(hash: string): Promise<StoredAuditEntry | undefined>;
  /** Oldest first, after this sequence number. */
  listAudit(after: number, limit: number): Promise<StoredAuditEntry[]>;
  /** Newest first, of those between these sequence numbers. */
  listNewestAudit(after: number, before: number, limit: number): Promise<StoredAuditEntry[]>;
  nodeAuditHead(node: string): Promise<StoredNodeAudit | undefined>;
  /** The newest entry of each of these nodes that has any, by node. */
  nodeAuditHeads(nodes: readonly string[]): Promise<ReadonlyMap<string, StoredNodeAudit>>;
  listNodeAudit(node: string, after: number, limit: number): Promise<StoredNodeAudit[]>;
}

/**
 * One atomic write. Nothing but these methods may be awaited while it is open: every writer waits for it.
 * Adding what is there already changes nothing and returns false.
 */
export interface DurableWrites extends DurableReads {
  setMeta(key: string, value: string | null): Promise<void>;
  addTrust(entry: StoredTrustEntry): Promise<boolean>;
  addRow(row: StoredRowRecord): Promise<boolean>;
  addObject(hash: string, bytes: Uint8Array): Promise<boolean>;
  addHeader(header: StoredHeader): Promise<boolean>;
  setTip(appId: string, node: string, header: string): Promise<void>;
  addChangeSet(changeSet: StoredChangeSet): Promise<boolean>;
  putJob(job: JobRecord): Promise<void>;
  addTransition(transition: JobTransition): Promise<void>;
  putEnrolment(enrolment: EnrolmentRecord): Promise<void>;
  putProposal(proposal: ProposalRecord): Promise<void>;
  removeProposal(id: string): Promise<void>;
  putToken(token: TokenRecord): Promise<void>;
  /** Throws when `seq` is not the next one: the chain has one writer. */
  addAudit(entry: StoredAuditEntry): Promise<void>;
  addNodeAudit(entry: StoredNodeAudit): Promise<boolean>;
}

/** Durable class: what was acknowledged survives kill -9 and power loss. */
export interface DurableStore {
  readonly read: DurableReads;
  /**
   * Runs `unit` atomically and resolves after it is on the disk. Units of one event-loop turn share one commit;
   * a unit that throws is rolled back alone. Rejects with a FaultError `store.*` when the disk refuses.
   */
  write<T>(unit: (tx: DurableWrites) => Promise<T>): Promise<T>;
  /** The fault that keeps the store from acknowledging, or null. */
  failing(): import('#shared/kernel/index.ts').Fault | null;
}

/** Rebuildable class: worth keeping, not worth a sync. After a crash the newest items may be gone, never torn. */
export interface RebuildableStore {
  putObserved(node: string, envelope: string): Promise<void>;
  /** JSON of the report envelope. */
  listObserved(): Promise<{ node: string; envelope: string }[]>;
  putSighting(sighting: NodeSighting): Promise<void>;
  listSightings(): Promise<NodeSighting[]>;
  addStep(job: string, step: JobStep): Promise<void>;
  listSteps(jobs: readonly string[]): Promise<Map<string, JobStep[]>>;
}

/** The core's store without its third class, which is plain memory (sessions, tickets, heartbeats). */
export interface CoreStore {
  readonly durable: DurableStore;
  readonly rebuildable: RebuildableStore;
  close(): Promise<void>;
}

import type { ReplicaStore } from '#shared/replica/index.ts';
import type { AuditWitness, EnrolmentToken, Envelope } from '#shared/trust/index.ts';

/** What this device knows of its fleet, kept where nobody can bend it. */
export interface FleetConfig {
  readonly fleet: string;
  readonly fleetName: string;
  readonly coreSpki: string;
  readonly addresses: readonly { host: string; httpPort: number; linkPort: number }[];
  /** Random per replica instance: its rows and command counters are a chain of their own. */
  readonly writer: string;
}

/** A signed release that this device has verified. */
export interface KnownRelease {
  readonly appId: string;
  readonly node: string;
  readonly number: number;
  readonly header: string;
  readonly envelope: Envelope;
  /** Exact text of the body. */
  readonly body: string;
}

/** A confirmed change that could not be signed because the core was away. */
export interface Intent {
  readonly id: string;
  readonly appId: string;
  readonly verb: string;
  readonly createdAt: string;
  /** JSON: what the person confirmed and what it builds on. */
  readonly content: string;
  readonly state: 'waiting' | 'signed' | 'clash' | 'discarded';
  /** JSON of the fault that made it a clash, where one did. */
  readonly fault: string | null;
}

/** An enrolment token this device made, and the name the node shall get. */
export interface OpenToken {
  readonly token: EnrolmentToken;
  readonly name: string | null;
}

/**
 * Everything a device keeps beside its keys. What a method wrote survives a power cut once its promise resolves.
 * Every adapter passes shared/testing/device-store-suite.ts.
 */
export interface DeviceStore {
  readonly rows: ReplicaStore;
  config(): Promise<FleetConfig | undefined>;
  saveConfig(config: FleetConfig): Promise<void>;
  /** Entries of the trust log in the order they were saved. */
  trustEntries(): Promise<Envelope[]>;
  /** Adds entries; one that is held already changes nothing. */
  saveTrust(entries: readonly Envelope[]): Promise<void>;
  /** The next command counter of this writer; never given twice, also not to two processes. */
  nextCounter(): Promise<number>;
  saveObject(hash: string, bytes: Uint8Array): Promise<void>;
  object(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The release with the highest number. */
  lastRelease(appId: string, node: string): Promise<KnownRelease | undefined>;
  saveRelease(release: KnownRelease, at: string): Promise<void>;
  /** Oldest first. */
  intents(state: Intent['state']): Promise<Intent[]>;
  /** Keeps a waiting change and discards those it takes the place of, as one: never neither. */
  saveIntent(intent: Intent, replaces: readonly string[]): Promise<void>;
  setIntentState(id: string, state: Intent['state'], fault: string | null): Promise<void>;
  /** Enrolment tokens whose node has not come yet. */
  saveToken(open: OpenToken): Promise<void>;
  tokens(): Promise<OpenToken[]>;
  dropToken(secret: string): Promise<void>;
  /** Heads of a chain that this device saw, oldest first. The newest thousand are kept. */
  noteHeads(chain: string, heads: readonly string[], at: string): Promise<void>;
  lastHead(chain: string): Promise<string | null>;
  witnesses(): Promise<AuditWitness[]>;
  /** A text that a host keeps for its next start, by its name. */
  memo(name: string): Promise<string | undefined>;
  saveMemo(name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

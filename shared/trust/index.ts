import type { Random, Result } from '#shared/kernel/index.ts';
import type { CoreAuditEntry, NodeAuditEntry } from './audit/entries.ts';
import type { Command } from './commands/command.ts';
import type { Envelope } from './envelopes/envelope.ts';
import type { EnvelopeKind, PayloadOf } from './envelopes/kinds.ts';
import type { CoreAddress } from './formats.ts';
import type {
  CoreIdentity,
  Device,
  GenesisEntry,
  NodeIdentity,
  Person,
  RecoveryKey,
  TrustEntry,
} from './log/entries.ts';
import type { ReleaseHeader } from './releases/header.ts';

export * from './audit/entries.ts';
export * from './commands/command.ts';
export * from './common-fields.ts';
export * from './envelopes/envelope.ts';
export * from './envelopes/kinds.ts';
export * from './formats.ts';
export * from './log/entries.ts';
export * from './releases/change-set.ts';
export * from './releases/header.ts';
export * from './sessions/claim.ts';

// keys
export interface Signer {
  readonly keyId: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
export interface SigningKey {
  readonly signer: Signer;
  /** base64url */
  readonly publicKey: string;
  exportSeed(): Uint8Array<ArrayBuffer>;
}
export declare function generateSigningKey(random?: Random): Promise<SigningKey>;
export declare function signerFromSeed(seed: Uint8Array): Promise<SigningKey>;
export declare function keyIdOf(publicKey: string | Uint8Array): string;

// envelopes
export interface Opened<P> {
  readonly payload: P;
  readonly payloadBytes: Uint8Array<ArrayBuffer>;
  readonly itemHash: string;
  readonly signer: string;
}
/** `payload` needs `fleet` and its kind's fields; signer, requires, trustHead, auditHead are filled in when absent. Throws FaultError on what openEnvelope would refuse. */
export declare function signEnvelope(kind: EnvelopeKind, payload: object, signer: Signer): Promise<Envelope>;
export declare function parseEnvelope(input: unknown): Result<Envelope>;
export declare function itemHash(envelope: Envelope): string;
export declare function openEnvelope<K extends EnvelopeKind>(
  envelope: Envelope,
  expect: {
    kind: K;
    fleet: string;
    keys: (keyId: string) => string | undefined;
    features?: readonly string[];
  },
): Promise<Result<Opened<PayloadOf<K>>>>;
/** Strict JSON: size, depth <= 16, duplicate and reserved keys, lone surrogates, all checked before JSON.parse. */
export declare function parseStrictJson(
  input: string | Uint8Array,
  limits: { maxBytes: number; maxDepth?: number },
): Result<unknown>;

// trust log
export interface TrustState {
  /** '' before genesis (or the fleet pinned by createTrustState). */
  readonly fleet: string;
  readonly heads: readonly string[];
  readonly head: string;
  readonly genesis: GenesisEntry | null;
  readonly persons: ReadonlyMap<string, Person>;
  readonly devices: ReadonlyMap<string, Device & { readonly personId: string }>;
  readonly nodes: ReadonlyMap<string, NodeIdentity>;
  /** The one live core; null before genesis and while several of the same epoch stand against each other. */
  readonly core: CoreIdentity | null;
  /** All live cores: the link may accept any of them. */
  readonly cores: readonly CoreIdentity[];
  readonly recovery: RecoveryKey | null;
  /** Causal order. */
  readonly entries: readonly Envelope[];
  readonly pending: readonly Envelope[];
}
/** `fleet` pins the genesis: a node gives the hash from its token. */
export declare function createTrustState(fleet?: string): TrustState;
export declare function applyTrustEntries(
  state: TrustState,
  envelopes: readonly Envelope[],
): Promise<Result<{ state: TrustState; applied: readonly Envelope[]; pending: readonly Envelope[] }>>;
/** Signs an entry on top of the state's heads (or the genesis on an empty state). */
export declare function signTrustEntry(
  state: TrustState,
  entry: TrustEntry,
  signer: Signer,
  about: { at: string; auditHead: string | null },
): Promise<Envelope>;
/** For openEnvelope's `keys`: public keys of devices and nodes. */
export declare function trustKeys(state: TrustState): (keyId: string) => string | undefined;
export declare function decideDeviceMay(
  state: TrustState,
  deviceId: string,
  verb: string,
  scope: { node?: string; appId?: string },
): Result<void>;
/** age recipients of the nodeCopy and the ownerCopy. */
export declare function ownerRecipients(state: TrustState): readonly string[];

// enrolment (nowMs: milliseconds)
export interface EnrolmentToken {
  readonly v: 1;
  readonly addresses: readonly CoreAddress[];
  readonly coreSpki: string;
  readonly genesis: string;
  readonly expiresAt: string;
  /** base64url of 32 bytes */
  readonly secret: string;
}
export declare function createEnrolmentToken(
  about: { addresses: readonly CoreAddress[]; coreSpki: string; genesis: string; expiresAt: string },
  random: Random,
): { token: string; secret: string };
export declare function parseEnrolmentToken(text: string, nowMs: number): Result<EnrolmentToken>;
export declare function deriveAdmit(token: EnrolmentToken): Promise<Uint8Array<ArrayBuffer>>;
export declare function deriveBind(token: EnrolmentToken): Promise<Uint8Array<ArrayBuffer>>;
export declare function admitHash(admit: Uint8Array): string;
export declare function createEnrolmentRequest(about: {
  token: EnrolmentToken;
  node: { name: string; signKey: string; ageRecipient: string; tlsSpki: string };
  nodeFacts: object;
}): { admit: string; request: string; mac: string };
export declare function verifyEnrolmentRequest(
  token: EnrolmentToken,
  request: string,
  mac: string,
): Promise<Result<NodeIdentity>>;
export interface SetupCode {
  readonly spkiPrefix: Uint8Array<ArrayBuffer>;
  /** base64url */
  readonly secret: string;
}
export declare function createSetupCode(coreSpki: string, random: Random): { code: string; secretHash: string };
export declare function parseSetupCode(text: string): Result<SetupCode>;
export declare function setupCodeMatchesSpki(code: SetupCode, coreSpki: string): boolean;
export declare function setupSecretMatches(secret: string, secretHash: string): boolean;

// releases
export type OpenedHeader = Opened<ReleaseHeader>;
export type ReleaseOutcome = 'succeeded' | 'failed' | 'rolled-back' | 'superseded';
export interface ReleaseFloor {
  readonly accepted: { readonly number: number; readonly header: string } | null;
  readonly running: {
    readonly number: number;
    readonly header: string;
    readonly digests: Readonly<Record<string, string>>;
  } | null;
  readonly outcomes: Readonly<Record<string, ReleaseOutcome>>;
}
/** `known: 'accepted'`: the same bytes were accepted before and have no outcome yet. */
export declare function decideRelease(about: {
  floor: ReleaseFloor;
  chain: readonly OpenedHeader[];
  body: Uint8Array;
  state: TrustState;
  node: string;
  /** milliseconds */
  now: number;
}): Result<{ accept: OpenedHeader } | { known: ReleaseOutcome | 'accepted' }>;

// commands: counters by `${signer}:${writer}`
export type CommandCounters = Readonly<Record<string, number>>;
export declare function decideCommand(about: {
  opened: Opened<Command>;
  node: string;
  session: string;
  counters: CommandCounters;
  state: TrustState;
  now: number;
}): Result<{ counters: CommandCounters }>;

// sealing
export declare function generateSealingKey(random?: Random): Promise<{ identity: string; recipient: string }>;
export interface SealedPlaintext {
  readonly v: 1;
  readonly fleet: string;
  /** null: an ownerCopy */
  readonly node: string | null;
  readonly apps: readonly string[];
  readonly name: string;
  readonly version: number;
  /** base64url */
  readonly value: string;
}
export declare function sealSecret(
  plaintext: SealedPlaintext,
  recipients: readonly string[],
): Promise<Uint8Array<ArrayBuffer>>;
export declare function openSecret(
  bytes: Uint8Array,
  identity: string,
  expect: { fleet: string; node: string | null; appId: string; name: string },
): Promise<Result<Uint8Array<ArrayBuffer>>>;

// streams: the hello is signed by the node, so that the core can not feed a stream of its own
export interface StreamSender {
  /** base64 */
  readonly hello: string;
  seal(bytes: Uint8Array, options?: { last?: boolean }): Promise<Uint8Array<ArrayBuffer>>;
}
export interface StreamReceiver {
  /** base64url, goes into the command's replyKey */
  readonly publicKey: string;
  begin(about: { hello: string; commandHash: string; nodeSignKey: string }): Promise<Result<void>>;
  open(frame: Uint8Array): Promise<Result<{ bytes: Uint8Array<ArrayBuffer>; last: boolean }>>;
}
export declare function createStreamReceiver(): Promise<StreamReceiver>;
export declare function createStreamSender(
  receiverPublicKey: string,
  about: { commandHash: string; signer: Signer },
): Promise<StreamSender>;

// sessions
export declare function decideSession(about: {
  opened: Opened<PayloadOf<'session'>>;
  coreSpki: string;
  challenge: string;
  state: TrustState;
  now: number;
}): Result<{ deviceId: string; expiresAt: string }>;

// audit
/** The exact text to keep and its hash, the next entry's `prev`. */
export declare function createCoreAuditEntry(entry: CoreAuditEntry): { bytes: string; hash: string };
export declare function parseCoreAuditEntry(bytes: string): Result<{ entry: CoreAuditEntry; hash: string }>;
export interface AuditWitness {
  readonly chain: 'core' | string;
  readonly seq?: number;
  readonly head: string;
}
export interface AuditFinding {
  /** 'core', 'trust' or a nodeId */
  readonly chain: string;
  readonly what: 'missing' | 'truncated' | 'forked' | 'altered';
  readonly seq: number | null;
  readonly message: string;
}
export interface AuditVerdict {
  readonly verdict: 'verified' | 'consistent-only' | 'broken';
  /** One sentence for a person. */
  readonly sentence: string;
  readonly findings: readonly AuditFinding[];
  readonly trustEntries: number;
  readonly core: { readonly entries: number; readonly head: string | null; readonly witnessed: boolean };
  readonly nodes: Readonly<Record<string, { entries: number; head: string | null; witnessed: boolean }>>;
}
export declare function verifyAudit(
  lines: Iterable<string>,
  about: { genesis: string; witnesses: readonly AuditWitness[] },
): Promise<Result<AuditVerdict>>;

// recovery
export declare function createRecovery(
  random: Random,
): Promise<{ words: readonly string[]; signKey: string; ageRecipient: string }>;
export declare function recoveryFromWords(
  words: string | readonly string[],
): Promise<Result<{ signer: Signer; signKey: string; identity: string; ageRecipient: string }>>;

export type { NodeAuditEntry };

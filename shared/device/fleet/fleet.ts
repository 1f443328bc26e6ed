import type { Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { Envelope, TrustState } from '#shared/trust/index.ts';
import type { CoreClient } from '../connection/core-client.ts';
import type { DeviceKeys } from '../ports/device-keys.ts';
import type { DeviceStore, FleetConfig } from '../ports/device-store.ts';
import type { SocketPort } from '../ports/sockets.ts';

/** A device's view of its fleet: keys, the local replica, and the core where it can be reached. */
export interface Fleet {
  readonly device: DeviceKeys;
  readonly config: FleetConfig;
  readonly store: DeviceStore;
  readonly client: CoreClient;
  readonly sockets: SocketPort;
  trust(): TrustState;
  /** Verifies entries against the log, keeps what is new. */
  takeTrust(entries: readonly Envelope[]): Promise<Result<void>>;
  /** What every envelope of this device says it has seen. */
  heads(): { fleet: string; trustHead: string | null; auditHead: string | null };
  /** Opens the replica, once; no other program of this device edits meanwhile. */
  replica(): Promise<Result<Replica>>;
  /** The rows as they lie here, for a look while another program edits: nothing may be written through it. */
  glance(): Promise<Result<Replica>>;
  /** Levels the replica and the trust log with the core. A fault of kind transient: the core is away. */
  sync(): Promise<Result<void>>;
  /** AUD-8: a head of the core's audit that somebody else has signed, in an envelope that was verified. */
  noteForeignHead(signed: { readonly signer: string; readonly auditHead?: string | null }): void;
  /**
   * AUD-8: shows that what others saw of the core's audit is on one chain with what this device saw, and keeps an alarm
   * where it is not. Asks nothing when nobody has said anything new; what can not be asked now waits.
   */
  compareAudit(): Promise<void>;
  /** Ends editing: who only follows or reads on lets others edit. */
  letGo(): void;
  /** Keeps the audit heads seen so far, so that this device is a witness of them; `close` does it too. */
  witness(): Promise<void>;
  close(): Promise<void>;
}

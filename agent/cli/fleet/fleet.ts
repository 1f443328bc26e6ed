import { coreToReplicaSchema, SYNC_MAX_FRAME_BYTES, SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import {
  type Clock,
  err,
  type Fault,
  FaultError,
  fault,
  isoTime,
  ok,
  type Random,
  type Result,
  randomId,
} from '#shared/kernel/index.ts';
import type { Pin } from '#shared/node/pinned-tls.ts';
import { createReplica, createSyncMachine, type Replica } from '#shared/replica/index.ts';
import { applyTrustEntries, createTrustState, type Envelope, type TrustState } from '#shared/trust/index.ts';
import { type CoreClient, createCoreClient, errorToFault } from '../connection/core-client.ts';
import { createSession } from '../connection/session.ts';
import { type CoreSocket, openCoreSocket } from '../connection/socket.ts';
import type { DeviceKeys } from '../device/device-keys.ts';
import type { Home } from '../device/home.ts';
import { createDeviceStore, type DeviceStore, type FleetConfig } from '../store/device-store.ts';
import { acquireHomeLock } from '../store/home-lock.ts';
import { openReplicaDatabase } from '../store/replica-db.ts';

/** One command's view of its fleet: keys, the local replica, and the core where it can be reached. */
export interface Fleet {
  readonly device: DeviceKeys;
  readonly config: FleetConfig;
  readonly store: DeviceStore;
  readonly client: CoreClient;
  readonly pin: Pin;
  trust(): TrustState;
  /** Verifies entries against the log, keeps what is new. */
  takeTrust(entries: readonly Envelope[]): Promise<Result<void>>;
  /** What every envelope of this device says it has seen. */
  heads(): { fleet: string; trustHead: string | null; auditHead: string | null };
  /** Opens the replica, once; no other command edits meanwhile. */
  replica(): Promise<Result<Replica>>;
  /** The rows as they lie here, for a look while another command edits: nothing may be written through it. */
  glance(): Promise<Result<Replica>>;
  /** Levels the replica and the trust log with the core. A fault of kind transient: the core is away. */
  sync(): Promise<Result<void>>;
  /** Ends editing: a command that only follows or reads on lets others edit. */
  letGo(): void;
  close(): void;
}

export interface FleetContext {
  readonly home: Home;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onRemark: (text: string) => void;
}

const LOCK_WAIT_MS = 3_000;
const SYNC_TIMEOUT_MS = 30_000;

/** Opens the fleet of this device's home. The trust log on disk is verified anew each time, from its genesis. */
export async function openFleet(context: FleetContext, device: DeviceKeys): Promise<Result<Fleet>> {
  const store = createDeviceStore(openReplicaDatabase(context.home.replicaFile, device.replicaKey));
  const config = store.config();
  if (config === undefined) {
    store.close();
    return err(notClaimed());
  }
  const trusted = await applyTrustEntries(createTrustState(config.fleet), store.trustEntries());
  if (!trusted.ok) {
    store.close();
    return trusted;
  }
  return ok(createFleet(context, device, store, config, trusted.value.state));
}

function createFleet(
  context: FleetContext,
  device: DeviceKeys,
  store: DeviceStore,
  config: FleetConfig,
  initial: TrustState,
): Fleet {
  const { clock, random } = context;
  let trust = initial;
  let opened: Promise<Result<Replica>> | undefined;
  let lock: { release(): void } | undefined;
  // The addresses of the trust log come first; the one given at the claim stays as a way in.
  const addresses = [...(trust.core?.addresses ?? []), ...config.addresses].map(({ host, httpPort }) => ({
    host,
    port: httpPort,
  }));
  const spki = trust.core?.tlsSpki ?? config.coreSpki;
  const pin: Pin = (found) => found === spki;
  // Heads of the core's audit that came in this command; one write at its end makes this device a witness of them.
  const witnessed = new Set<string>();
  const auditHead = () => [...witnessed].at(-1) ?? store.lastHead('core');
  const heads = () => ({ fleet: config.fleet, trustHead: trust.head, auditHead: auditHead() });
  const session = createSession({ signer: device.signer, clock, fleet: config.fleet, coreSpki: spki, heads });
  const client = createCoreClient({
    addresses,
    pin,
    signal: context.signal,
    session,
    onAuditHead: (head) => {
      // The newest stands last, also one that was seen before.
      witnessed.delete(head);
      witnessed.add(head);
    },
  });

  const takeTrust = async (entries: readonly Envelope[]): Promise<Result<void>> => {
    const applied = await applyTrustEntries(trust, entries);
    if (!applied.ok) return applied;
    store.saveTrust(applied.value.applied);
    trust = applied.value.state;
    return ok();
  };

  const openReplica = async (): Promise<Result<Replica>> => {
    const held = acquireHomeLock(context.home.lockFile, LOCK_WAIT_MS);
    if (!held.ok) return held;
    lock = held.value;
    return loadReplica();
  };
  const loadReplica = () =>
    createReplica({
      writer: config.writer,
      signer: device.signer,
      store: store.rows,
      trust: () => trust,
      auditHead,
      clock,
      random,
    });

  const fleet: Fleet = {
    device,
    config,
    store,
    client,
    pin,
    trust: () => trust,
    takeTrust,
    heads,
    replica: () => (opened ??= openReplica()),
    glance: loadReplica,
    async sync() {
      const replica = await fleet.replica();
      if (!replica.ok) return replica;
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(SYNC_TIMEOUT_MS)]);
      const about = { pin, path: '/api/v1/sync', protocol: SYNC_PROTOCOL, maxFrameBytes: SYNC_MAX_FRAME_BYTES, signal };
      const socket = await openCoreSocket(client, about);
      if (!socket.ok) return socket;
      return runSync(socket.value, replica.value, fleet, context);
    },
    letGo() {
      lock?.release();
      lock = undefined;
      opened = undefined;
    },
    close() {
      client.close();
      lock?.release();
      try {
        store.noteHeads('core', [...witnessed], isoTime(clock));
      } catch {
        // Another command holds the file: it is a witness too, and this one's result must not fail for it.
      }
      store.close();
    },
  };
  return fleet;
}

async function runSync(
  socket: CoreSocket,
  replica: Replica,
  fleet: Fleet,
  context: FleetContext,
): Promise<Result<void>> {
  const machine = createSyncMachine({
    replica,
    version: VERSION,
    trust: fleet.trust,
    onTrust: async (entries) => {
      const taken = await fleet.takeTrust(entries);
      if (!taken.ok) throw new FaultError(taken.error);
    },
    send: (message) => socket.send(message),
    newId: () => randomId(context.random),
  });
  let level = false;
  const settled = machine.level.then((refused) => {
    level = true;
    socket.close();
    return refused;
  });
  try {
    machine.start();
    for await (const message of socket.messages) await machine.receive(coreToReplicaSchema.parse(message));
    if (!level) return err(syncCut());
    reportRefused(await settled, context.onRemark);
    return ok();
  } catch (error) {
    return err(errorToFault(error));
  } finally {
    socket.close();
  }
}

function reportRefused(refused: readonly { fault: Fault }[], remark: (text: string) => void): void {
  for (const { fault: reason } of refused) remark(`a row was not taken: ${reason.message} (${reason.code})`);
}

function syncCut(): Fault {
  return fault(
    'core.unreachable',
    'transient',
    'the core did not finish the exchange of rows in time',
    'Run the command again; what was edited here is kept.',
  );
}

function notClaimed(): Fault {
  return fault(
    'device.unclaimed',
    'permanent',
    'this device belongs to no fleet yet',
    'Finish the claim: run the same `overseer device claim …` again.',
  );
}

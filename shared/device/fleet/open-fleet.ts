import { err, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import { createReplica, type Replica } from '#shared/replica/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Envelope,
  newVoidRevocations,
  type TrustState,
} from '#shared/trust/index.ts';
import { compareHeads } from '../audit/compare-heads.ts';
import { createForeignHeads } from '../audit/foreign-heads.ts';
import { createCoreClient } from '../connection/core-client.ts';
import { createSession } from '../connection/session.ts';
import { voidRevocationText } from '../identity/void-revocation-text.ts';
import type { OpenCore } from '../ports/core-ports.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { DeviceKeys } from '../ports/device-keys.ts';
import type { DeviceStore, FleetConfig } from '../ports/device-store.ts';
import type { ReplicaLock } from '../ports/replica-lock.ts';
import type { Fleet } from './fleet.ts';
import { followCore } from './follow-core.ts';
import { syncOnce } from './sync-once.ts';

export interface FleetContext extends DeviceContext {
  readonly openCore: OpenCore;
  readonly lock: ReplicaLock;
}

/**
 * Opens the fleet that a store belongs to. The trust log in it is verified anew each time, from its genesis. The store
 * is closed with the fleet, and when the opening fails.
 */
export async function openFleet(context: FleetContext, device: DeviceKeys, store: DeviceStore): Promise<Result<Fleet>> {
  const opened = await readFleet(context, device, store);
  if (!opened.ok) await store.close();
  return opened;
}

async function readFleet(context: FleetContext, device: DeviceKeys, store: DeviceStore): Promise<Result<Fleet>> {
  const config = await store.config();
  if (config === undefined) return err(notClaimed());
  const trusted = await applyTrustEntries(createTrustState(config.fleet), await store.trustEntries());
  if (!trusted.ok) return trusted;
  const lastHead = await store.lastHead('core');
  return ok(createFleet(context, { device, store, config, trust: trusted.value.state, lastHead }));
}

function createFleet(
  context: FleetContext,
  about: { device: DeviceKeys; store: DeviceStore; config: FleetConfig; trust: TrustState; lastHead: string | null },
): Fleet {
  const { clock, random } = context;
  const { device, store, config } = about;
  let { trust, lastHead } = about;
  let opened: Promise<Result<Replica>> | undefined;
  let lock: { release(): void } | undefined;
  // The addresses of the trust log come first; the one given at the claim stays as a way in.
  const { http, sockets, spki } = followCore(context.openCore, () => ({
    addresses: [...(trust.core?.addresses ?? []), ...config.addresses],
    spki: trust.core?.tlsSpki ?? config.coreSpki,
  }));
  // Heads of the core's audit that came in; one write at the end makes this device a witness of them.
  const witnessed = new Set<string>();
  const foreignHeads = createForeignHeads(device.deviceId);
  const auditHead = () => lastHead;
  const heads = () => ({ fleet: config.fleet, trustHead: trust.head, auditHead: auditHead() });
  const session = createSession({ signer: device.signer, clock, fleet: config.fleet, coreSpki: spki, heads });
  const client = createCoreClient({
    http,
    signal: context.signal,
    session,
    onAuditHead: (head) => {
      // The newest stands last, also one that was seen before.
      witnessed.delete(head);
      witnessed.add(head);
      lastHead = head;
    },
  });

  const extendTrust = async (entries: readonly Envelope[]): Promise<Result<void>> => {
    const applied = await applyTrustEntries(trust, entries);
    if (!applied.ok) return applied;
    await store.saveTrust(applied.value.applied);
    for (const envelope of applied.value.applied) foreignHeads.noteEnvelope(envelope);
    const before = trust;
    trust = applied.value.state;
    for (const one of newVoidRevocations(before, trust)) context.tell.note(voidRevocationText(trust, one), 'warn');
    if (applied.value.applied.length > 0) await settleVoid();
    return ok();
  };
  // LOG-19: rows that were merged before their revocation came.
  const settleVoid = async (): Promise<void> => {
    const replica = await opened;
    if (!replica?.ok) return;
    const { onTop } = await replica.value.settleVoid();
    if (onTop > 0) context.tell.note(lostOnTop(onTop), 'warn');
  };

  // In turn: entries come by the link and by requests at once, and each must stand on what the one before made.
  let turn: Promise<unknown> = Promise.resolve();
  const takeTrust = (entries: readonly Envelope[]): Promise<Result<void>> => {
    const taken = turn.then(() => extendTrust(entries));
    turn = taken.catch(() => undefined);
    return taken;
  };

  const openReplica = async (): Promise<Result<Replica>> => {
    const held = await context.lock.acquire();
    if (!held.ok) return held;
    lock = held.value;
    const loaded = await loadReplica();
    // Also what a revocation voided of which this program knew only the entry when it ended.
    if (loaded.ok) await loaded.value.settleVoid();
    return loaded;
  };
  const loadReplica = () =>
    createReplica({
      writer: config.writer,
      signer: device.signer,
      store: store.rows,
      trust: () => trust,
      auditHead,
      onForeignRow: ({ row }) => foreignHeads.note(row),
      clock,
      random,
    });
  const witness = async (): Promise<void> => {
    const fresh = [...witnessed];
    if (fresh.length > 0) await store.noteHeads('core', fresh, isoTime(clock));
    for (const head of fresh) witnessed.delete(head);
  };

  const fleet: Fleet = {
    device,
    config,
    store,
    client,
    sockets,
    trust: () => trust,
    takeTrust,
    heads,
    replica: () => (opened ??= openReplica()),
    glance: loadReplica,
    async sync() {
      const replica = await fleet.replica();
      if (!replica.ok) return replica;
      const synced = await syncOnce(context, fleet, replica.value);
      if (synced.ok) await fleet.compareAudit();
      return synced;
    },
    noteForeignHead: foreignHeads.note,
    async compareAudit() {
      const heads = foreignHeads.take();
      // Who was revoked is refused everywhere; the core says so at each request.
      if (heads.length === 0 || !trust.devices.has(device.deviceId)) return;
      const compared = await compareHeads({ clock, client, store, trust, own: lastHead }, heads);
      if (!compared.ok) return foreignHeads.putBack(heads);
      for (const { message, next } of compared.value) context.tell.note(`${message}. ${next}`, 'bad');
    },
    letGo() {
      lock?.release();
      lock = undefined;
      opened = undefined;
    },
    witness,
    async close() {
      client.close();
      lock?.release();
      try {
        await witness();
      } catch {
        // Another program holds the store: it is a witness too, and this one's result must not fail for it.
      }
      await store.close();
    },
  };
  return fleet;
}

function lostOnTop(rows: number): string {
  return `${rows} edits were written on top of what a revoked device wrote, and went with it: look at the apps and make them again`;
}

function notClaimed() {
  return fault(
    'device.unclaimed',
    'permanent',
    'this device belongs to no fleet yet',
    'Finish the claim: run the same `overseer device claim …` again.',
  );
}

import type { DeviceStore, FleetConfig, Intent, KnownRelease, OpenToken } from '#shared/device/index.ts';
import { sha256Hex, utf8 } from '#shared/kernel/index.ts';
import type { ReplicaStore, RowAside, StoredRow } from '#shared/replica/index.ts';
import { type Envelope, itemHash } from '#shared/trust/index.ts';
import type { DeviceDatabase, Sealed } from './open-database.ts';
import type { Sealer } from './seal-values.ts';

/** `relaxed` would acknowledge what a power cut takes away. */
const DURABLE = { durability: 'strict' } as const;

/** Heads of one chain that are kept. */
const KEPT_HEADS = 1_000;

/**
 * The store of a browser. Nothing but the database is awaited inside a transaction (it would end), so values are sealed
 * before one and opened after.
 */
export function createBrowserStore(database: DeviceDatabase, sealer: Sealer): DeviceStore {
  const openAll = <T>(place: (index: number) => string, sealed: readonly Sealed[]): Promise<T[]> =>
    Promise.all(sealed.map((one, index) => sealer.open<T>(place(index), one)));
  const readMeta = async <T>(key: string): Promise<T | undefined> => {
    const sealed = await database.get('meta', key);
    return sealed && sealer.open<T>(`meta:${key}`, sealed);
  };
  const writeMeta = async (key: string, value: unknown): Promise<void> => {
    const sealed = await sealer.seal(`meta:${key}`, value);
    const write = database.transaction('meta', 'readwrite', DURABLE);
    await Promise.all([write.store.put(sealed, key), write.done]);
  };

  return {
    rows: createRowStore(database, sealer),
    config: () => readMeta<FleetConfig>('fleet'),
    saveConfig: (config) => writeMeta('fleet', config),
    memo: (name) => readMeta<string>(`memo:${name}`),
    saveMemo: (name, text) => writeMeta(`memo:${name}`, text),
    async trustEntries() {
      const kept = await database.getAll('trust');
      return openAll<Envelope>(
        (index) => `trust:${kept[index]?.hash}`,
        kept.map(({ sealed }) => sealed),
      );
    },
    async saveTrust(entries) {
      const fresh = await Promise.all(
        entries.map(async (entry) => {
          const hash = itemHash(entry);
          return { hash, sealed: await sealer.seal(`trust:${hash}`, entry) };
        }),
      );
      const write = database.transaction('trust', 'readwrite', DURABLE);
      for (const entry of fresh)
        if ((await write.store.index('hash').getKey(entry.hash)) === undefined) await write.store.add(entry);
      await write.done;
    },
    async nextCounter() {
      const write = database.transaction('counters', 'readwrite', DURABLE);
      const next = ((await write.store.get('command')) ?? 0) + 1;
      await write.store.put(next, 'command');
      await write.done;
      return next;
    },
    async saveObject(hash, bytes) {
      const sealed = await sealer.sealBytes(`object:${hash}`, bytes);
      const write = database.transaction('objects', 'readwrite', DURABLE);
      if ((await write.store.getKey(hash)) === undefined) await write.store.add(sealed, hash);
      await write.done;
    },
    async object(hash) {
      const sealed = await database.get('objects', hash);
      return sealed && sealer.openBytes(`object:${hash}`, sealed);
    },
    async lastRelease(appId, node) {
      const range = IDBKeyRange.bound([appId, node, 0], [appId, node, Number.MAX_SAFE_INTEGER]);
      const cursor = await database.transaction('releases').store.openCursor(range, 'prev');
      return cursor ? sealer.open<KnownRelease>(`release:${cursor.key.join(' ')}`, cursor.value) : undefined;
    },
    async saveRelease(release) {
      const key: [string, string, number] = [release.appId, release.node, release.number];
      const sealed = await sealer.seal(`release:${key.join(' ')}`, release);
      const write = database.transaction('releases', 'readwrite', DURABLE);
      await Promise.all([write.store.put(sealed, key), write.done]);
    },
    async intents(state) {
      const read = database.transaction('intents');
      const [ids, all] = await Promise.all([read.store.getAllKeys(), read.store.getAll()]);
      const wanted = all
        .map((one, index) => ({ ...one, id: ids[index] ?? '' }))
        .filter((one) => one.state === state)
        .sort((a, b) => (a.order < b.order ? -1 : 1));
      return Promise.all(
        wanted.map(async ({ id, sealed, fault }) => ({
          ...(await sealer.open<Intent>(`intent:${id}`, sealed)),
          state,
          fault: fault === null ? null : await sealer.open<string>(`intent-fault:${id}`, fault),
        })),
      );
    },
    async saveIntent(intent, replaces) {
      const sealed = await sealer.seal(`intent:${intent.id}`, intent);
      const kept = { state: intent.state, order: intent.createdAt + intent.id, sealed, fault: null };
      const write = database.transaction('intents', 'readwrite', DURABLE);
      const discard = async (id: string) => {
        const earlier = await write.store.get(id);
        if (earlier) await write.store.put({ ...earlier, state: 'discarded', fault: null }, id);
      };
      // The transaction ends with the same error; none of the promises must be left alone with it.
      await Promise.all([...replaces.map(discard), write.store.add(kept, intent.id), write.done]);
    },
    async setIntentState(id, state, fault) {
      const sealed = fault === null ? null : await sealer.seal(`intent-fault:${id}`, fault);
      const write = database.transaction('intents', 'readwrite', DURABLE);
      const kept = await write.store.get(id);
      if (kept) await write.store.put({ ...kept, state, fault: sealed }, id);
      await write.done;
    },
    async saveToken(open) {
      const key = tokenKey(open.token.secret);
      const sealed = await sealer.seal(`token:${key}`, open);
      const write = database.transaction('tokens', 'readwrite', DURABLE);
      await Promise.all([write.store.put(sealed, key), write.done]);
    },
    async tokens() {
      const read = database.transaction('tokens');
      const [keys, all] = await Promise.all([read.store.getAllKeys(), read.store.getAll()]);
      return openAll<OpenToken>((index) => `token:${keys[index]}`, all);
    },
    async dropToken(secret) {
      const write = database.transaction('tokens', 'readwrite', DURABLE);
      await Promise.all([write.store.delete(tokenKey(secret)), write.done]);
    },
    async noteHeads(chain, heads) {
      const write = database.transaction('heads', 'readwrite', DURABLE);
      const { store } = write;
      for (const head of heads) {
        // Written anew where it was known, so that the newest stands last.
        const known = await store.index('head').getKey([chain, head]);
        if (known !== undefined) await store.delete(known);
        await store.add({ chain, head });
      }
      const all = await store.index('chain').getAllKeys(chain);
      for (const key of all.slice(0, Math.max(0, all.length - KEPT_HEADS))) await store.delete(key);
      await write.done;
    },
    async lastHead(chain) {
      const cursor = await database.transaction('heads').store.index('chain').openCursor(chain, 'prev');
      return cursor?.value.head ?? null;
    },
    witnesses: async () => (await database.getAll('heads')).map(({ chain, head }) => ({ chain, head })),
    close: async () => database.close(),
  };
}

/** A token's secret must not stand in a key, which is not sealed. */
function tokenKey(secret: string): string {
  return sha256Hex(utf8(secret));
}

function createRowStore(database: DeviceDatabase, sealer: Sealer): ReplicaStore {
  return {
    async loadRows() {
      const kept = await database.getAll('rows');
      return Promise.all(
        kept.map(async ({ hash, unacked, sealed, aside }) => ({
          ...(await sealer.open<Omit<StoredRow, 'unacked' | 'aside'>>(`row:${hash}`, sealed)),
          unacked,
          aside: aside ? await sealer.open<RowAside>(`row-aside:${hash}`, aside) : null,
        })),
      );
    },
    async append(rows) {
      const fresh = await Promise.all(
        rows.map(async ({ unacked, aside, ...row }) => ({
          hash: row.hash,
          unacked,
          aside: aside && (await sealer.seal(`row-aside:${row.hash}`, aside)),
          sealed: await sealer.seal(`row:${row.hash}`, row),
        })),
      );
      const write = database.transaction('rows', 'readwrite', DURABLE);
      await Promise.all([...fresh.map((row) => write.store.add(row)), write.done]);
    },
    async markAcked(hashes) {
      const write = database.transaction('rows', 'readwrite', DURABLE);
      for (const hash of hashes) {
        const cursor = await write.store.index('hash').openCursor(hash);
        if (cursor) await cursor.update({ ...cursor.value, unacked: false, aside: null });
      }
      await write.done;
    },
    async setAside(hashes, aside) {
      const sealed = await Promise.all(
        hashes.map(async (hash) => [hash, await sealer.seal(`row-aside:${hash}`, aside)] as const),
      );
      const write = database.transaction('rows', 'readwrite', DURABLE);
      for (const [hash, reason] of sealed) {
        const cursor = await write.store.index('hash').openCursor(hash);
        if (cursor) await cursor.update({ ...cursor.value, unacked: false, aside: reason });
      }
      await write.done;
    },
  };
}

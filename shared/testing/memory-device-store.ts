import type { DeviceStore, FleetConfig, Intent, KnownRelease, OpenToken } from '#shared/device/index.ts';
import { type AuditWitness, type Envelope, itemHash } from '#shared/trust/index.ts';
import { createMemoryReplicaStore } from './memory-replica-store.ts';

/** A DeviceStore in memory, held to the same suite as the one on disk. What is in it outlives `close`. */
export function createMemoryDeviceStore(): DeviceStore {
  let config: FleetConfig | undefined;
  let counter = 0;
  const trust = new Map<string, Envelope>();
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const releases = new Map<string, KnownRelease>();
  const intents = new Map<string, Intent>();
  const tokens = new Map<string, OpenToken>();
  const memos = new Map<string, string>();
  let heads: AuditWitness[] = [];
  return {
    rows: createMemoryReplicaStore(),
    config: async () => config,
    async saveConfig(next) {
      config = structuredClone(next);
    },
    trustEntries: async () => [...trust.values()],
    async saveTrust(entries) {
      for (const entry of entries) if (!trust.has(itemHash(entry))) trust.set(itemHash(entry), entry);
    },
    nextCounter: async () => ++counter,
    async saveObject(hash, bytes) {
      if (!objects.has(hash)) objects.set(hash, new Uint8Array(bytes));
    },
    object: async (hash) => objects.get(hash)?.slice(),
    lastRelease: async (appId, node) =>
      [...releases.values()]
        .filter((release) => release.appId === appId && release.node === node)
        .toSorted((a, b) => b.number - a.number)[0],
    async saveRelease(release) {
      releases.set(`${release.appId} ${release.node} ${release.number}`, structuredClone(release));
    },
    intents: async (state) =>
      [...intents.values()]
        .filter((intent) => intent.state === state)
        .toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1)),
    async saveIntent(intent, replaces) {
      if (intents.has(intent.id)) throw new Error('this intent is held already');
      for (const id of replaces) {
        const earlier = intents.get(id);
        if (earlier) intents.set(id, { ...earlier, state: 'discarded', fault: null });
      }
      intents.set(intent.id, intent);
    },
    async setIntentState(id, state, fault) {
      const intent = intents.get(id);
      if (intent) intents.set(id, { ...intent, state, fault });
    },
    async saveToken(open) {
      tokens.set(open.token.secret, structuredClone(open));
    },
    tokens: async () => [...tokens.values()],
    async dropToken(secret) {
      tokens.delete(secret);
    },
    async noteHeads(chain, fresh) {
      for (const head of fresh) {
        heads = [...heads.filter((known) => known.chain !== chain || known.head !== head), { chain, head }];
      }
      const own = heads.filter((known) => known.chain === chain).slice(-1_000);
      heads = [...heads.filter((known) => known.chain !== chain), ...own];
    },
    lastHead: async (chain) => heads.findLast((known) => known.chain === chain)?.head ?? null,
    witnesses: async () => [...heads],
    memo: async (name) => memos.get(name),
    async saveMemo(name, text) {
      memos.set(name, text);
    },
    close: async () => undefined,
  };
}

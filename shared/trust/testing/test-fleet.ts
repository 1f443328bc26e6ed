import { type Random, sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Device,
  type DeviceKind,
  type Envelope,
  generateSealingKey,
  generateSigningKey,
  type NodeIdentity,
  type OpenedHeader,
  openEnvelope,
  type Role,
  type SealingKey,
  type SigningKey,
  signEnvelope,
  signTrustEntry,
  type TrustEntry,
  type TrustState,
  trustKeys,
} from '../index.ts';

/** Noon of a fixed day, in milliseconds: tests have no clock of their own. */
export const NOON = Date.parse('2026-03-01T12:00:00.000Z');

/** ISO time `offsetMs` after noon. */
export const at = (offsetMs = 0): string => new Date(NOON + offsetMs).toISOString();

/** Repeatable bytes: the same seed gives the same keys and ids. */
export function seededRandom(seed: string): Random {
  let round = 0;
  return {
    bytes: (length) => {
      const out = new Uint8Array(length);
      for (let i = 0; i < length; i += 32) {
        const block = sha256Hex(utf8(`${seed}:${round++}`));
        for (let j = 0; j < 32 && i + j < length; j++) out[i + j] = Number.parseInt(block.slice(j * 2, j * 2 + 2), 16);
      }
      return out;
    },
  };
}

/** An id that is the same in every run. */
export function testId(name: string): string {
  return [...sha256Hex(utf8(name))]
    .map((digit) => 'abcdefghijklmnop'.charAt(Number.parseInt(digit, 16)))
    .join('')
    .slice(0, 26);
}

export interface Actor {
  readonly key: SigningKey;
  readonly sealing: SealingKey;
  readonly id: string;
}

/** Keys of a device or a node. */
export async function createActor(name: string): Promise<Actor> {
  const random = seededRandom(name);
  const key = await generateSigningKey(random);
  return { key, sealing: await generateSealingKey(random), id: key.signer.keyId };
}

export function deviceOf(actor: Actor, name: string, kind: DeviceKind = 'cli'): Device {
  return {
    deviceId: actor.id,
    name,
    kind,
    signKey: actor.key.publicKey,
    ageRecipient: actor.sealing.recipient,
  };
}

export function nodeOf(actor: Actor, name: string): NodeIdentity {
  return {
    nodeId: actor.id,
    name,
    signKey: actor.key.publicKey,
    ageRecipient: actor.sealing.recipient,
    tlsSpki: sha256Hex(utf8(`tls of ${name}`)),
  };
}

export const addresses = [{ host: 'core.lab.example', httpPort: 7443, linkPort: 7444 }];
export const coreSpki = sha256Hex(utf8('tls of core'));

export interface TestFleet {
  readonly owner: Actor;
  readonly recovery: Actor;
  readonly node: Actor;
  readonly genesis: Envelope;
  /** Owner Ann, her CLI, node `attic`. */
  readonly state: TrustState;
}

export function genesisEntry(owner: Actor, recovery: Actor, kind: DeviceKind = 'cli'): TrustEntry {
  return {
    kind: 'genesis',
    fleetName: 'Home',
    person: { personId: testId('ann'), name: 'Ann', role: 'owner' },
    device: deviceOf(owner, 'laptop', kind),
    recovery: { signKey: recovery.key.publicKey, ageRecipient: recovery.sealing.recipient },
    core: { tlsSpki: coreSpki, addresses, epoch: 1 },
  };
}

export async function createTestFleet(seed = 'fleet', kind: DeviceKind = 'cli'): Promise<TestFleet> {
  const owner = await createActor(`${seed} owner`);
  const recovery = await createActor(`${seed} recovery`);
  const node = await createActor(`${seed} node`);
  const empty = createTrustState();
  const genesis = await signTrustEntry(empty, genesisEntry(owner, recovery, kind), owner.key.signer, {
    at: at(),
    auditHead: null,
  });
  const begun = unwrap(await applyTrustEntries(empty, [genesis])).state;
  const state = await extend(begun, owner, { kind: 'add-node', node: nodeOf(node, 'attic') });
  return { owner, recovery, node, genesis, state };
}

/** Signs an entry on top of the state. */
export function sign(state: TrustState, by: Actor, entry: TrustEntry): Promise<Envelope> {
  return signTrustEntry(state, entry, by.key.signer, { at: at(), auditHead: null });
}

/** Signs an entry on top of the state and applies it; throws when it is refused. */
export async function extend(state: TrustState, by: Actor, entry: TrustEntry): Promise<TrustState> {
  return unwrap(await applyTrustEntries(state, [await sign(state, by, entry)])).state;
}

/** The code by which an entry is refused on top of the state; "ok" when it is taken. */
export async function refusalOf(state: TrustState, by: Actor, entry: TrustEntry): Promise<string> {
  return codeOf(await applyTrustEntries(state, [await sign(state, by, entry)]));
}

/** What logs that grew apart add up to. */
export async function merge(...parts: (TrustState | Envelope)[]): Promise<TrustState> {
  const envelopes = parts.flatMap((part) => ('entries' in part ? part.entries : [part]));
  return unwrap(await applyTrustEntries(createTrustState(), envelopes)).state;
}

/** Adds a person with one device. */
export async function addPerson(
  state: TrustState,
  by: Actor,
  device: Actor,
  role: Role,
  kind: DeviceKind = 'cli',
): Promise<TrustState> {
  const personId = testId(`person of ${device.id}`);
  const added = await extend(state, by, { kind: 'add-person', personId, name: `${role} person`, role });
  return extend(added, by, { kind: 'add-device', device: deviceOf(device, `${role} ${kind}`, kind), personId });
}

export const APP = testId('miniflux');
export const BODY = utf8('{"v":1}');

/** Signs a release header and opens it again, as a node gets it. */
export async function openedHeader(
  fleet: Pick<TestFleet, 'state' | 'node'>,
  by: Actor,
  fields: { readonly number: number; readonly previous: string | null } & Readonly<Record<string, unknown>>,
): Promise<OpenedHeader> {
  const envelope = await signEnvelope(
    'release',
    {
      fleet: fleet.state.fleet,
      trustHead: fleet.state.head,
      appId: APP,
      node: fleet.node.id,
      body: sha256Hex(BODY),
      changeSet: testId('change'),
      issuedAt: at(),
      acceptBy: at(24 * 3_600_000),
      after: [],
      ...fields,
    },
    by.key.signer,
  );
  return unwrap(
    await openEnvelope(envelope, {
      kind: 'release',
      fleet: String(fields.fleet ?? fleet.state.fleet),
      keys: (id) => (id === by.id ? by.key.publicKey : trustKeys(fleet.state)(id)),
    }),
  );
}

/** A chain of headers with the numbers `from`..`to`, on top of `previous`. */
export async function openedChain(
  fleet: Pick<TestFleet, 'state' | 'node'>,
  by: Actor,
  range: { readonly from: number; readonly to: number; readonly previous?: string | null },
  fields: Readonly<Record<string, unknown>> = {},
): Promise<OpenedHeader[]> {
  const chain: OpenedHeader[] = [];
  let previous = range.previous ?? null;
  for (let number = range.from; number <= range.to; number++) {
    const header = await openedHeader(fleet, by, { ...fields, number, previous });
    chain.push(header);
    previous = header.itemHash;
  }
  return chain;
}

/** The code of a refusal, or 'ok'. */
export function codeOf(result: { ok: true } | { ok: false; error: { code: string } }): string {
  return result.ok ? 'ok' : result.error.code;
}

import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import { randomId, sha256Hex, systemRandom, toBase64, toBase64Url, utf8 } from '#shared/kernel/index.ts';
import { preAuthEncoding } from '#shared/trust/envelopes/pae.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Envelope,
  type EnvelopeKind,
  emptyCutoff,
  itemHash,
  payloadTypeOf,
  sealSecret,
  signEnvelope,
  signTrustEntry,
  type TrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';
import type { OpenDevice } from './stolen-device.ts';

export type { Envelope, TrustState };
export { itemHash, sha256Hex };

/** A release in every part, as it goes to a node. */
export interface SignedRelease {
  readonly envelope: Envelope;
  readonly header: string;
  readonly number: number;
  readonly appId: string;
  readonly node: string;
  readonly body: Uint8Array;
}

type ReleaseMessage = Extract<CoreToNode, { type: 'release' }>;
type CommandMessage = Extract<CoreToNode, { type: 'command' }>;

export const newId = (): string => randomId(systemRandom);
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** The log that a disk holds, verified from its genesis. */
export async function trustOf(fleet: string, entries: readonly Envelope[]): Promise<TrustState> {
  return extended(createTrustState(fleet), entries);
}

/** The log with further entries. Throws when one is refused. */
export async function extended(state: TrustState, entries: readonly Envelope[]): Promise<TrustState> {
  const applied = await applyTrustEntries(state, entries);
  if (!applied.ok) throw new Error(`${applied.error.code}: ${applied.error.message}`);
  return applied.value.state;
}

/** Signs an entry of the trust log on what the signer knows. */
export const signEntry = (state: TrustState, entry: TrustEntry, by: OpenDevice): Promise<Envelope> =>
  signTrustEntry(state, entry, by.signer, { at: inMs(0), auditHead: null });

/** What a device says to a node that asks after its start: the newest log, and the newest head of that node's own chain. */
export function signStatement(about: {
  trust: TrustState;
  by: OpenDevice;
  node: string;
  nonce: string;
  chain: { head: string | null; seq: number };
  /** An owner lets the node go on from this head of its own. */
  goOn?: string | null;
}): Promise<Envelope> {
  const { trust, by, node, nonce, chain, goOn = null } = about;
  const payload = {
    fleet: trust.fleet,
    trustHead: trust.head,
    node,
    nonce,
    trustHeads: trust.heads,
    nodeAuditHead: chain.head,
    nodeAuditSeq: chain.seq,
    time: inMs(0),
    goOn,
  };
  return signEnvelope('statement', payload, by.signer);
}

/** Signs a text as it stands, also one that our own signing would not take. */
export async function signRaw(kind: EnvelopeKind, text: string, by: OpenDevice): Promise<Envelope> {
  const payloadType = payloadTypeOf(kind);
  const bytes = utf8(text);
  const sig = toBase64(await by.signer.sign(preAuthEncoding(payloadType, bytes)));
  return { payloadType, payload: toBase64(bytes), signatures: [{ keyid: by.deviceId, sig }] };
}

/** The entry that lets a device of a person in. */
export const addDevice = (device: OpenDevice, personId: string): TrustEntry => ({
  kind: 'add-device',
  personId,
  device: {
    deviceId: device.deviceId,
    name: device.name,
    kind: 'cli',
    signKey: device.publicKey,
    ageRecipient: device.ageRecipient,
  },
});

/** The entry that ends a device, with nothing of it left standing. */
export const revokeDevice = (deviceId: string): TrustEntry => ({
  kind: 'revoke-device',
  deviceId,
  cutoff: emptyCutoff,
});

/** The body of a plain app. */
export function plainBody(name: string, image = 'lab/web:1', more: object = {}): Uint8Array {
  const compose = `services:\n  web:\n    image: ${image}\n`;
  const images = { web: { ref: image, digest: null } };
  return utf8(JSON.stringify({ v: 1, name, kind: 'app', state: 'running', compose, images, ...more }));
}

/** Signs one release. `after` the previous one unless the header is bent by `header`. */
export async function signRelease(about: {
  trust: TrustState;
  by: OpenDevice;
  node: string;
  appId: string;
  number: number;
  previous: string | null;
  body: Uint8Array;
  header?: object;
}): Promise<SignedRelease> {
  const { trust, by, node, appId, number, previous, body } = about;
  const payload = {
    fleet: trust.fleet,
    trustHead: trust.head,
    appId,
    node,
    number,
    previous,
    body: sha256Hex(body),
    changeSet: newId(),
    issuedAt: inMs(-1_000),
    acceptBy: inMs(24 * 3_600_000),
    after: [],
    ...about.header,
  };
  const envelope = await signEnvelope('release', payload, by.signer);
  return { envelope, header: itemHash(envelope), number, appId, node, body };
}

/** Signs releases 1..count of one app, each on the one before; `atMs` later than now. */
export async function signReleases(
  about: { trust: TrustState; by: OpenDevice; node: string; appId: string; atMs?: number },
  count: number,
): Promise<SignedRelease[]> {
  const { atMs = 0 } = about;
  const header = { issuedAt: inMs(atMs - 1_000), acceptBy: inMs(atMs + 24 * 3_600_000) };
  const all: SignedRelease[] = [];
  for (let number = 1; number <= count; number++) {
    const previous = all.at(-1)?.header ?? null;
    all.push(await signRelease({ ...about, number, previous, body: plainBody('web', `lab/web:${number}`), header }));
  }
  return all;
}

/** A secret sealed to a node for one app, as a device of the fleet seals it. */
export async function sealedCopy(about: {
  trust: TrustState;
  node: string;
  appId: string;
  name: string;
  value: string;
}): Promise<{ hash: string; data: string }> {
  const { trust, node, appId, name } = about;
  const recipient = trust.nodes.get(node)?.ageRecipient;
  if (recipient === undefined) throw new Error('the node has no recipient in the log');
  const value = toBase64Url(utf8(about.value));
  const bytes = await sealSecret({ v: 1, fleet: trust.fleet, node, apps: [appId], name, version: 1, value }, [
    recipient,
  ]);
  return { hash: sha256Hex(bytes), data: toBase64(bytes) };
}

/** The message that brings the last of these to a node, with the chain below it. */
export function releaseMessage(chain: readonly Pick<SignedRelease, 'envelope' | 'appId' | 'body'>[]): ReleaseMessage {
  const last = chain.at(-1);
  if (last === undefined) throw new Error('a release has a chain');
  return {
    type: 'release',
    job: newId(),
    appId: last.appId,
    chain: chain.map(({ envelope }) => envelope),
    body: toBase64(last.body),
    objects: [],
  };
}

/** Signs a command that asks for the agent's own log; `bent` changes what it says. */
export async function signCommand(
  about: { trust: TrustState; by: OpenDevice; node: string; session: string },
  bent: object = {},
): Promise<{ message: CommandMessage; hash: string }> {
  const { trust, by, node, session } = about;
  // A one-time key that the answer is sealed to; nobody here opens it.
  const pair = await crypto.subtle.generateKey('X25519', true, ['deriveBits']);
  const { x } = await crypto.subtle.exportKey('jwk', (pair as CryptoKeyPair).publicKey);
  const payload = {
    fleet: trust.fleet,
    trustHead: trust.head,
    node,
    verb: 'agent-logs',
    args: { tail: 1 },
    session,
    writer: newId(),
    counter: 1,
    expiresAt: inMs(5 * 60_000),
    replyKey: x,
    ...bent,
  };
  const envelope = await signEnvelope('command', payload, by.signer);
  return { message: { type: 'command', envelope }, hash: itemHash(envelope) };
}

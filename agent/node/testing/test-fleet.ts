import { randomId, sha256Hex, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createTlsIdentity, type TlsIdentity } from '#shared/node/tls-identity.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Envelope,
  generateSealingKey,
  generateSigningKey,
  itemHash,
  type Role,
  type Signer,
  signEnvelope,
  signTrustEntry,
  type TrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';

/** A fleet with one owner device, for tests: signs log entries, releases and commands as the CLI does. */
export interface TestFleet {
  readonly fleet: string;
  readonly core: TlsIdentity;
  readonly device: Signer;
  state: TrustState;
  addEntry(entry: TrustEntry): Promise<Envelope>;
  /** Adds a person with this role and one CLI, whose signer it gives. */
  addPerson(role: Role): Promise<Signer>;
  /** Signs release `number` on top of `previous`. */
  signRelease(about: ReleaseWish): Promise<SignedRelease>;
}

export interface ReleaseWish {
  readonly node: string;
  readonly appId: string;
  readonly number: number;
  readonly previous: string | null;
  readonly body: object;
  readonly signer?: Signer;
  readonly acceptInMs?: number;
  /** Head of the node's chain that the signer has seen. */
  readonly nodeAuditHead?: string | undefined;
}

export interface SignedRelease {
  readonly header: string;
  readonly envelope: Envelope;
  readonly body: Uint8Array;
}

/** The core's TLS identity on loopback. */
export function createTestCore(): Promise<TlsIdentity> {
  return createTlsIdentity({ commonName: 'core', hosts: ['127.0.0.1'] });
}

/** Makes keys, genesis and log. `linkPort` and `httpPort` go into the core's address. */
export async function createTestFleet(about: {
  httpPort: number;
  linkPort: number;
  /** Of a core that listens already; made anew otherwise. */
  core?: TlsIdentity;
}): Promise<TestFleet> {
  const { core = await createTestCore(), ...ports } = about;
  const [key, recoveryKey] = [await generateSigningKey(), await generateSigningKey()];
  const [age, recoveryAge] = [await generateSealingKey(), await generateSealingKey()];
  const personId = randomId(systemRandom);
  let state = createTrustState();
  const addEntry = async (entry: TrustEntry): Promise<Envelope> => {
    const about = { at: new Date().toISOString(), auditHead: null };
    const envelope = await signTrustEntry(state, entry, key.signer, about);
    state = unwrap(await applyTrustEntries(state, [envelope])).state;
    return envelope;
  };
  await addEntry({
    kind: 'genesis',
    fleetName: 'test fleet',
    person: { personId, name: 'owner', role: 'owner' },
    device: {
      deviceId: key.signer.keyId,
      name: 'laptop',
      kind: 'cli',
      signKey: key.publicKey,
      ageRecipient: age.recipient,
    },
    recovery: { signKey: recoveryKey.publicKey, ageRecipient: recoveryAge.recipient },
    core: { tlsSpki: core.spki, addresses: [{ host: '127.0.0.1', ...ports }], epoch: 1 },
  });
  return {
    fleet: state.fleet,
    core,
    device: key.signer,
    get state() {
      return state;
    },
    addEntry,
    async addPerson(role) {
      const [added, addedAge] = [await generateSigningKey(), await generateSealingKey()];
      const person = randomId(systemRandom);
      await addEntry({ kind: 'add-person', personId: person, name: role, role });
      await addEntry({
        kind: 'add-device',
        personId: person,
        device: {
          deviceId: added.signer.keyId,
          name: `${role}'s laptop`,
          kind: 'cli',
          signKey: added.publicKey,
          ageRecipient: addedAge.recipient,
        },
      });
      return added.signer;
    },
    async signRelease({ node, appId, number, previous, body, signer = key.signer, acceptInMs = 3_600_000, ...seen }) {
      const bytes = utf8(JSON.stringify(body));
      const now = Date.now();
      const envelope = await signEnvelope(
        'release',
        {
          fleet: state.fleet,
          trustHead: state.head,
          ...seen,
          appId,
          node,
          number,
          previous,
          body: sha256Hex(bytes),
          changeSet: randomId(systemRandom),
          issuedAt: new Date(Math.min(now, now + acceptInMs - 1_000)).toISOString(),
          acceptBy: new Date(now + acceptInMs).toISOString(),
          after: [],
        },
        signer,
      );
      return { header: itemHash(envelope), envelope, body: bytes };
    },
  };
}

/** A body that the release schema takes. */
export function appBody(name: string, extra: object = {}): object {
  return { v: 1, kind: 'app', name, state: 'running', compose: 'services: {}\n', images: {}, ...extra };
}

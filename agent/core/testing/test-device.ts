import { Agent, request } from 'node:https';
import WebSocket from 'ws';
import { type OperationId, operationOf, SESSION_SCHEME } from '#shared/contracts/rest/index.ts';
import { isoTime, randomId, sha256Hex, systemClock, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createRecovery,
  createTokenText,
  createTrustState,
  type Device,
  type DeviceKind,
  type Envelope,
  emptyCutoff,
  generateSealingKey,
  generateSigningKey,
  itemHash,
  type RecoveryKeys,
  recoveryFromWords,
  type SigningKey,
  signEnvelope,
  signTrustEntry,
  type TrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface CallInput {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly octets?: Uint8Array;
  readonly session?: string | null;
  readonly headers?: Record<string, string>;
}

/** A device of the owner, speaking the real protocol over real TLS. */
export interface TestDevice {
  readonly key: SigningKey;
  readonly deviceId: string;
  trust(): TrustState;
  session(): string;
  call(id: OperationId, input?: CallInput): Promise<Answer>;
  /** What the log says of it. */
  identity(name: string, kind: DeviceKind): Device;
  claim(secret: string, at: string, kind?: DeviceKind): Promise<Answer>;
  /** Takes the log as a device that another one has let in. */
  takeTrust(entries: readonly Envelope[]): Promise<void>;
  openSession(): Promise<Answer>;
  addTrust(entry: TrustEntry): Promise<Envelope>;
  /** Signs the next release of an app on a node, with its change set; `body` is uploaded first. */
  signDeploy(about: DeployInput): Promise<{ changeSet: Envelope; headers: Envelope[]; header: string }>;
  deploy(about: DeployInput): Promise<Answer & { header: string }>;
  /** Signs the order that makes an API token (any lifetime unless said: a day), or with null the one that ends it. */
  signToken(
    token: { name: string; verbs: string[]; nodes?: string[]; apps?: string[]; expiresAt?: string } | null,
    tokenId?: string,
  ): Promise<{ order: Envelope; tokenId: string; text: string }>;
  /** What the words of this device's fleet sign; only the device that claimed it has them. */
  recovery(): {
    keys(): Promise<RecoveryKeys>;
    openSession(challenge: { coreSpki: string; challenge: string }): Promise<string>;
    revoke(deviceId: string): Promise<Envelope>;
  };
  webSocket(path: string, protocol: string): Promise<WebSocket>;
  close(): void;
}

export interface DeployInput {
  readonly appId: string;
  readonly node: string;
  readonly body: object;
  readonly number?: number;
  readonly previous?: string | null;
  readonly verb?: string;
  readonly after?: readonly string[];
  readonly changeSetId?: string;
  /** The proposal that it answers. */
  readonly proposal?: string;
}

/** Makes the keys of a device. */
export async function createTestDevice(about: { port: () => number; spki: string }): Promise<TestDevice> {
  const key = await generateSigningKey();
  const sealing = await generateSealingKey();
  const recovery = await createRecovery(systemRandom);
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const deviceId = key.signer.keyId;
  const tips = new Map<string, { number: number; header: string }>();
  let state = createTrustState();
  let session = '';

  const device: TestDevice = {
    key,
    deviceId,
    trust: () => state,
    session: () => session,
    call: (id, input = {}) => send(agent, about.port(), id, { session, ...input }),
    identity: (name, kind) => ({
      deviceId,
      name,
      kind,
      signKey: key.publicKey,
      ageRecipient: sealing.recipient,
    }),
    async takeTrust(entries) {
      state = unwrap(await applyTrustEntries(state, entries)).state;
    },
    async claim(secret, at, kind = 'cli') {
      const entry: TrustEntry = {
        kind: 'genesis',
        fleetName: 'home',
        person: { personId: randomId(systemRandom), name: 'Owner', role: 'owner' },
        device: device.identity('laptop', kind),
        recovery: { signKey: recovery.signKey, ageRecipient: recovery.ageRecipient },
        core: { tlsSpki: about.spki, addresses: [{ host: '127.0.0.1', httpPort: 7443, linkPort: 7444 }], epoch: 1 },
      };
      const genesis = await signTrustEntry(state, entry, key.signer, { at, auditHead: null });
      const answer = await device.call('claim', { body: { secret, genesis }, session: null });
      if (answer.status === 200) state = unwrap(await applyTrustEntries(state, [genesis])).state;
      return answer;
    },
    async openSession() {
      const { json } = await device.call('createChallenge', { body: {}, session: null });
      const payload = {
        fleet: state.fleet,
        coreSpki: json.coreSpki,
        challenge: json.challenge,
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
      };
      const envelope = await signEnvelope('session', payload, key.signer);
      const answer = await device.call('createSession', { body: { envelope }, session: null });
      session = answer.json.session ?? session;
      return answer;
    },
    async addTrust(entry) {
      const envelope = await signTrustEntry(state, entry, key.signer, { at: isoTime(systemClock), auditHead: null });
      state = unwrap(await applyTrustEntries(state, [envelope])).state;
      return envelope;
    },
    async signDeploy({ appId, node, body, verb = 'deploy', after = [], ...rest }) {
      const bytes = utf8(JSON.stringify(body));
      const tip = tips.get(`${appId}/${node}`);
      const number = rest.number ?? (tip?.number ?? 0) + 1;
      const previous = rest.previous === undefined ? (tip?.header ?? null) : rest.previous;
      const changeSetId = rest.changeSetId ?? randomId(systemRandom);
      const issuedAt = isoTime(systemClock);
      const acceptBy = new Date(Date.now() + 3_600_000).toISOString();
      const bodyHash = sha256Hex(bytes);
      const common = { fleet: state.fleet, trustHead: state.head };
      const header = await signEnvelope(
        'release',
        { ...common, appId, node, number, previous, body: bodyHash, changeSet: changeSetId, issuedAt, acceptBy, after },
        key.signer,
      );
      await device.call('putObject', { params: { hash: bodyHash }, octets: bytes });
      const hash = itemHash(header);
      const releases = [{ header: hash, appId, node, number }];
      const changeSet = await signEnvelope(
        'changeset',
        {
          ...common,
          changeSetId,
          verb,
          releases,
          planHash: sha256Hex(utf8('plan')),
          issuedAt,
          ...(rest.proposal === undefined ? {} : { proposal: rest.proposal }),
        },
        key.signer,
      );
      return { changeSet, headers: [header], header: hash };
    },
    async signToken(token, tokenId = randomId(systemRandom)) {
      const { text, secretHash } = createTokenText(tokenId, systemRandom);
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const order = await signEnvelope(
        'token',
        {
          fleet: state.fleet,
          tokenId,
          token: token === null ? null : { secretHash, expiresAt, ...token },
          issuedAt: isoTime(systemClock),
        },
        key.signer,
      );
      return { order, tokenId, text };
    },
    async deploy(input) {
      const signed = await device.signDeploy(input);
      const { changeSet, headers, header } = signed;
      const path = `${input.verb === undefined || input.verb === 'ingress' ? 'deploy' : input.verb}App` as OperationId;
      const answer = await device.call(path, { params: { id: input.appId }, body: { changeSet, headers } });
      if (answer.status === 202) {
        const tip = tips.get(`${input.appId}/${input.node}`);
        tips.set(`${input.appId}/${input.node}`, { number: (tip?.number ?? 0) + 1, header });
      }
      return { ...answer, header };
    },
    recovery: () => ({
      keys: async () => unwrap(await recoveryFromWords(recovery.words)),
      async openSession({ coreSpki, challenge }) {
        const { signer } = unwrap(await recoveryFromWords(recovery.words));
        const expiresAt = new Date(Date.now() + 600_000).toISOString();
        const envelope = await signEnvelope('session', { fleet: state.fleet, coreSpki, challenge, expiresAt }, signer);
        return (await device.call('createSession', { body: { envelope }, session: null })).json.session;
      },
      async revoke(deviceId) {
        const { signer } = unwrap(await recoveryFromWords(recovery.words));
        const entry: TrustEntry = { kind: 'revoke-device', deviceId, cutoff: emptyCutoff };
        return signTrustEntry(state, entry, signer, { at: isoTime(systemClock), auditHead: null });
      },
    }),
    async webSocket(path, protocol) {
      const { json } = await device.call('createTicket', { body: {} });
      const url = `wss://127.0.0.1:${about.port()}${path}?ticket=${json.ticket}`;
      const socket = new WebSocket(url, protocol, { rejectUnauthorized: false });
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      return socket;
    },
    close: () => agent.destroy(),
  };
  return device;
}

/** One HTTPS request of the table. */
export function send(agent: Agent, port: number, id: OperationId, input: CallInput): Promise<Answer> {
  const operation = operationOf(id);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => input.params?.[name] ?? name);
  const query = input.query === undefined ? '' : `?${new URLSearchParams(input.query)}`;
  const payload = input.octets ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  const type = input.octets === undefined ? 'application/json' : 'application/octet-stream';
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: operation.method,
        path: path + query,
        headers: {
          ...(payload === undefined ? {} : { 'content-type': type }),
          ...(input.session ? { authorization: `${SESSION_SCHEME} ${input.session}` } : {}),
          ...input.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /json$/.test(String(response.headers['content-type']).split(';')[0] ?? '');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : null,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

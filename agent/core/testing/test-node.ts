import { Agent } from 'node:https';
import { connectLink, type LinkClient, type NodeSideConnection } from '#agent/link/index.ts';
import type { CoreToNode, NodeToCore } from '#shared/contracts/link/messages.ts';
import type { OperationId } from '#shared/contracts/rest/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { isoTime, ok, randomId, systemClock, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createTlsIdentity } from '#shared/node/tls-identity.ts';
import {
  applyTrustEntries,
  createEnrolmentRequest,
  createEnrolmentToken,
  createStreamSender,
  createTrustState,
  type Envelope,
  generateSealingKey,
  generateSigningKey,
  admitHash as hashOfAdmit,
  itemHash,
  type NodeIdentity,
  parseEnrolmentToken,
  type SigningKey,
  signEnvelope,
  verifyEnrolmentRequest,
} from '#shared/trust/index.ts';
import type { CoreWorld } from './core-world.ts';
import { send, type TestDevice } from './test-device.ts';

export const FACTS = {
  version: VERSION,
  os: 'Debian',
  kernel: '6.1',
  arch: 'x64',
  hostname: 'box',
  cpuCount: 2,
  cpuLoad: 0.1,
  memoryTotalBytes: 1,
  memoryUsedBytes: 1,
  diskTotalBytes: 1,
  diskFreeBytes: 1,
  dockerVersion: null,
  composeVersion: null,
  uptimeSeconds: 1,
};

/** A node that speaks the real link with real keys and applies nothing. */
export interface TestNode {
  readonly identity: NodeIdentity;
  readonly key: SigningKey;
  readonly session: string;
  readonly received: CoreToNode[];
  /** Starts the link and says hello. */
  connect(floors?: { appId: string; accepted: number; header: string; outcome: string | null }[]): Promise<void>;
  disconnect(): void;
  send(message: NodeToCore): void;
  /** The next message of a type that was not taken yet. */
  next<T extends CoreToNode['type']>(type: T): Promise<Extract<CoreToNode, { type: T }>>;
  /** Signs the next entry of the node's own chain. */
  entry(action: string, order: string | null): Promise<Envelope>;
  /** Answers the next command with these log lines, sealed, and ends. */
  answerLogs(lines: readonly string[]): Promise<void>;
  /** Answers the next command with this value, sealed; gives what was asked. */
  answerValue(value: unknown): Promise<{ verb: string; args: unknown }>;
  /** Tells the end of a release with its proof. */
  outcome(
    release: { appId: string; header: string; number: number },
    outcome: 'succeeded' | 'failed' | 'rolled-back' | 'refused',
    more?: object,
  ): Promise<Envelope>;
}

/** What a node must know of a core, which may be in another process. */
export type JoinableCore = Pick<CoreWorld, 'folder'> & {
  readonly running: Pick<CoreWorld['running'], 'httpPort' | 'linkPort'>;
};

/** Enrols a node by token, request and the device's `add-node`, all over the wire. */
export async function joinNode(world: JoinableCore, device: TestDevice, name = 'box'): Promise<TestNode> {
  const key = await generateSigningKey();
  const sealing = await generateSealingKey();
  const tls = await createTlsIdentity({ commonName: 'node' });
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const made = createEnrolmentToken(
    {
      addresses: world.folder.settings.addresses,
      coreSpki: world.folder.spki,
      genesis: device.trust().fleet,
      expiresAt,
    },
    systemRandom,
  );
  const token = unwrap(parseEnrolmentToken(made.token, Date.now()));
  const node = { name, signKey: key.publicKey, ageRecipient: sealing.recipient, tlsSpki: tls.spki };
  const { admit, request, mac } = createEnrolmentRequest({ token, node, nodeFacts: {} });
  const admitHash = hashOfAdmit(Buffer.from(admit, 'base64url'));
  await device.call('registerToken', { body: { admitHash, expiresAt, name } });
  await device.call('requestEnrolment', { body: { admit, request, mac }, session: null });
  const listed = (await device.call('listEnrolments')).json.enrolments.find(
    (item: { admitHash: string }) => item.admitHash === admitHash,
  );
  const identity = unwrap(await verifyEnrolmentRequest(token, listed.request, listed.mac));
  await device.call('extendTrust', {
    body: { entries: [await device.addTrust({ kind: 'add-node', node: identity })] },
  });
  return createTestNode(world, device, identity, key, tls);
}

/** Joins with the line that a device printed, as a server does: asks, and waits until it is let in. */
export async function joinByToken(world: JoinableCore, line: string): Promise<TestNode> {
  const key = await generateSigningKey();
  const sealing = await generateSealingKey();
  const tls = await createTlsIdentity({ commonName: 'node' });
  const token = unwrap(parseEnrolmentToken(line, Date.now()));
  const node = { name: 'box', signKey: key.publicKey, ageRecipient: sealing.recipient, tlsSpki: tls.spki };
  const { admit, request, mac } = createEnrolmentRequest({ token, node, nodeFacts: {} });
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const call = (id: OperationId, body: object) => send(agent, world.running.httpPort, id, { body });
  await call('requestEnrolment', { admit, request, mac });
  for (;;) {
    const { json } = await call('waitEnrolment', { admit });
    if (json.status !== 'joined') continue;
    agent.destroy();
    const trust = unwrap(await applyTrustEntries(createTrustState(token.genesis), json.trust)).state;
    const identity = [...trust.nodes.values()].find(({ signKey }) => signKey === key.publicKey);
    if (!identity) throw new Error('the node is not in the log that let it in');
    return createTestNode(world, { trust: () => trust }, identity, key, tls);
  }
}

function createTestNode(
  world: JoinableCore,
  device: Pick<TestDevice, 'trust'>,
  identity: NodeIdentity,
  key: SigningKey,
  tls: { keyPem: string; certPem: string },
): TestNode {
  const session = randomId(systemRandom);
  const received: CoreToNode[] = [];
  const taken = new Set<CoreToNode>();
  const waiting = new Set<() => void>();
  let link: LinkClient | undefined;
  let connection: NodeSideConnection | undefined;
  let seq = 0;
  let prev: string | null = null;

  const node: TestNode = {
    identity,
    key,
    session,
    received,
    async connect(floors = []) {
      await new Promise<void>((resolve) => {
        link = connectLink({
          addresses: () => [{ host: '127.0.0.1', linkPort: world.running.linkPort }],
          isExpected: (spki) => spki === world.folder.spki,
          tlsKey: tls.keyPem,
          tlsCert: tls.certPem,
          version: VERSION,
          trust: { entries: () => device.trust().entries, receive: async () => ok() },
          firstDelayMs: 20,
          onFault: () => {},
          onUp(up) {
            connection = up;
            up.onMessage((message) => {
              received.push(message);
              for (const wake of [...waiting]) wake();
            });
            up.send({
              type: 'hello',
              version: VERSION,
              node: identity.nodeId,
              session,
              trustHead: device.trust().head,
              nodeAuditHead: prev,
              nodeAuditSeq: seq,
              floors,
              facts: FACTS,
            });
            resolve();
          },
        });
      });
      await node.next('welcome');
    },
    disconnect: () => link?.stop(),
    send: (message) => void connection?.send(message),
    async next(type) {
      for (;;) {
        const found = received.find((message) => message.type === type && !taken.has(message));
        if (found !== undefined) {
          taken.add(found);
          return found as never;
        }
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    async entry(action, order) {
      const envelope: Envelope = await signEnvelope(
        'node-audit',
        {
          fleet: device.trust().fleet,
          trustHead: device.trust().head,
          nodeAuditHead: prev,
          seq: ++seq,
          prev,
          at: isoTime(systemClock),
          action,
          subject: {},
          order,
          detail: {},
        },
        key.signer,
      );
      prev = itemHash(envelope);
      return envelope;
    },
    async answerLogs(lines) {
      const at = { service: 'web', stream: 'stdout', time: isoTime(systemClock) };
      const text = lines.map((line) => `${JSON.stringify({ ...at, line: Buffer.from(line).toString('base64') })}\n`);
      await answer(text.join(''));
    },
    answerValue: (value) => answer(JSON.stringify(value)),
    async outcome(release, outcome, more = {}) {
      const proof = await node.entry(outcome, release.header);
      node.send({
        type: 'outcome',
        ...release,
        outcome,
        awayMs: 0,
        fault: null,
        floor: null,
        proof,
        ...more,
      } as NodeToCore);
      return proof;
    },
  };
  const answer = async (text: string): Promise<{ verb: string; args: unknown }> => {
    const { envelope } = await node.next('command');
    const hash = itemHash(envelope as Envelope);
    const { verb, args, replyKey } = JSON.parse(Buffer.from((envelope as Envelope).payload, 'base64').toString());
    const sender = await createStreamSender(replyKey, { commandHash: hash, signer: key.signer });
    node.send({ type: 'command-result', command: hash, ok: true, fault: null, hello: sender.hello });
    const sealed = await sender.seal(utf8(text), { last: true });
    node.send({ type: 'frame', command: hash, data: Buffer.from(sealed).toString('base64') });
    return { verb, args };
  };
  return node;
}

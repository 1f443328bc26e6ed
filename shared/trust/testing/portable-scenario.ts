import { fromBase64, sha256Hex, toBase64, toBase64Url, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createCoreAuditEntry,
  createEnrolmentRequest,
  createEnrolmentToken,
  createRecovery,
  createSetupCode,
  createStreamReceiver,
  createStreamSender,
  createTrustState,
  decideCommand,
  decideRelease,
  decideSession,
  decideStatement,
  type Envelope,
  emptyFloor,
  itemHash,
  openEnvelope,
  openSecret,
  ownerRecipients,
  parseEnrolmentToken,
  parseSetupCode,
  recoveryFromWords,
  sealSecret,
  setupSecretMatches,
  signEnvelope,
  type TrustState,
  trustKeys,
  verifyAudit,
  verifyEnrolmentRequest,
  verifySignature,
} from '../index.ts';
import {
  APP,
  addPerson,
  addresses,
  at,
  BODY,
  codeOf,
  coreSpki,
  createActor,
  createTestFleet,
  NOON,
  nodeOf,
  seededRandom,
  testId,
} from './test-fleet.ts';

/** Everything that one engine made and another one must be able to check. Plain JSON. */
export interface Artifacts {
  /** Must be the same bytes wherever it was made. */
  readonly repeatable: {
    readonly fleet: string;
    readonly head: string;
    readonly entries: readonly Envelope[];
    readonly release: Envelope;
    readonly command: Envelope;
    readonly session: Envelope;
    readonly nodeAudit: Envelope;
    readonly statement: Envelope;
    readonly coreAudit: readonly string[];
    readonly token: string;
    readonly request: { readonly admit: string; readonly request: string; readonly mac: string };
    readonly setup: { readonly code: string; readonly secretHash: string };
    readonly recovery: { readonly words: readonly string[]; readonly signKey: string; readonly ageRecipient: string };
    readonly ownerRecipients: readonly string[];
  };
  /** Made with fresh randomness: base64. */
  readonly nodeCopy: string;
  readonly ownerCopy: string;
}

const SECRET = 'a secret of the scenario';
const SESSION = testId('agent start');
const CHALLENGE = 'challenge-of-the-scenario-1';

/** Makes one of everything, with the same keys in every engine. */
export async function produce(): Promise<Artifacts> {
  const fleet = await createTestFleet('portable');
  const second = await createActor('portable second');
  const state = await addPerson(fleet.state, fleet.owner, second, 'owner', 'desktop');
  const common = { fleet: state.fleet, trustHead: state.head };
  const release = await signEnvelope(
    'release',
    {
      ...common,
      appId: APP,
      node: fleet.node.id,
      number: 1,
      previous: null,
      body: sha256Hex(BODY),
      changeSet: testId('change'),
      issuedAt: at(),
      acceptBy: at(3_600_000),
      after: [],
      // Text that engines are known to treat differently when it is written again.
      note: 'ä €   𝒳 <script> / \\ " 1e2',
    },
    second.key.signer,
  );
  const command = await signEnvelope(
    'command',
    {
      ...common,
      node: fleet.node.id,
      verb: 'logs',
      args: { appId: APP },
      session: SESSION,
      writer: testId('writer'),
      counter: 1,
      expiresAt: at(60_000),
      replyKey: null,
    },
    fleet.owner.key.signer,
  );
  const session = await signEnvelope(
    'session',
    { ...common, coreSpki, challenge: CHALLENGE, expiresAt: at(60_000) },
    fleet.owner.key.signer,
  );
  const first = createCoreAuditEntry({
    v: 1,
    fleet: state.fleet,
    seq: 1,
    prev: null,
    at: at(),
    actor: { kind: 'device', id: second.id },
    action: 'release',
    subject: { app: APP },
    envelope: release,
    outcome: 'accepted',
    fault: null,
  });
  const next = createCoreAuditEntry({
    v: 1,
    fleet: state.fleet,
    seq: 2,
    prev: first.hash,
    at: at(1),
    actor: { kind: 'core', id: 'core' },
    action: 'job.done',
    subject: {},
    envelope: null,
    outcome: 'accepted',
    fault: null,
  });
  const nodeAudit = await signEnvelope(
    'node-audit',
    {
      ...common,
      auditHead: first.hash,
      seq: 1,
      prev: null,
      at: at(),
      action: 'succeeded',
      subject: { app: APP },
      order: null,
      detail: {},
    },
    fleet.node.key.signer,
  );
  const statement = await signEnvelope(
    'statement',
    {
      ...common,
      node: fleet.node.id,
      nonce: testId('nonce'),
      trustHeads: state.heads,
      nodeAuditHead: itemHash(nodeAudit),
      nodeAuditSeq: 1,
      time: at(),
    },
    second.key.signer,
  );
  const { token, parsed } = createEnrolmentToken(
    { addresses, coreSpki, genesis: state.fleet, expiresAt: at(1_800_000) },
    seededRandom('portable token'),
  );
  const { nodeId: _, ...joining } = nodeOf(await createActor('portable joining'), 'cellar');
  const plain = { v: 1 as const, fleet: state.fleet, apps: [APP], name: 'db', version: 1 };
  const value = toBase64Url(utf8(SECRET));
  const owners = ownerRecipients(state);
  return {
    repeatable: {
      fleet: state.fleet,
      head: state.head,
      entries: state.entries,
      release,
      command,
      session,
      nodeAudit,
      statement,
      coreAudit: [first.bytes, next.bytes],
      token,
      request: createEnrolmentRequest({ token: parsed, node: joining, nodeFacts: { os: 'any' } }),
      setup: createSetupCode(coreSpki, seededRandom('portable setup')),
      recovery: await createRecovery(seededRandom('portable recovery')),
      ownerRecipients: owners,
    },
    nodeCopy: toBase64(await sealSecret({ ...plain, node: fleet.node.id, value }, [fleet.node.sealing.recipient])),
    ownerCopy: toBase64(await sealSecret({ ...plain, node: null, value }, owners)),
  };
}

/** Checks what `produce` made, here or in another engine. The report is the same everywhere; throws on a refusal. */
export async function check(made: Artifacts): Promise<Readonly<Record<string, unknown>>> {
  const { repeatable } = made;
  const node = await createActor('portable node');
  const owner = await createActor('portable owner');
  const applied = await applyTrustEntries(createTrustState(repeatable.fleet), [...repeatable.entries].reverse());
  const { state } = unwrap(applied);
  const keys = trustKeys(state);
  const about = { fleet: state.fleet, keys };
  const header = unwrap(await openEnvelope(repeatable.release, { kind: 'release', ...about }));
  const command = unwrap(await openEnvelope(repeatable.command, { kind: 'command', ...about }));
  const session = unwrap(await openEnvelope(repeatable.session, { kind: 'session', ...about }));
  const release = decideRelease({ floor: emptyFloor, chain: [header], body: BODY, state, node: node.id, now: NOON });
  const statement = unwrap(await openEnvelope(repeatable.statement, { kind: 'statement', ...about }));
  const chain = {
    head: { seq: 1, hash: itemHash(repeatable.nodeAudit) },
    seqOf: (hash: string) => (hash === itemHash(repeatable.nodeAudit) ? 1 : undefined),
  };
  const token = unwrap(parseEnrolmentToken(repeatable.token, NOON));
  const joined = await verifyEnrolmentRequest(token, repeatable.request.request, repeatable.request.mac);
  const setup = unwrap(parseSetupCode(repeatable.setup.code));
  const expected = { fleet: state.fleet, appId: APP, name: 'db' };
  const nodeCopy = fromBase64(made.nodeCopy) ?? new Uint8Array();
  const ownerCopy = fromBase64(made.ownerCopy) ?? new Uint8Array();
  const audit = await verifyAudit(
    [
      ...repeatable.entries.map((envelope) => JSON.stringify({ type: 'trust', envelope })),
      ...repeatable.coreAudit.map((bytes) => JSON.stringify({ type: 'core', bytes })),
      JSON.stringify({ type: 'node', envelope: repeatable.nodeAudit }),
    ],
    { genesis: state.fleet, witnesses: [] },
  );
  return {
    head: state.head,
    owners: state.devices.size,
    release: unwrap(release).accept?.itemHash,
    note: header.payload.note,
    command: codeOf(
      decideCommand({ opened: command, node: node.id, session: SESSION, counters: {}, state, now: NOON }),
    ),
    session: codeOf(decideSession({ opened: session, coreSpki, challenge: CHALLENGE, state, now: NOON })),
    statement: unwrap(decideStatement({ opened: statement, node: node.id, nonce: testId('nonce'), state, chain })),
    joined: unwrap(joined).nodeId,
    setup: setupSecretMatches(setup.secret, repeatable.setup.secretHash),
    recovery: unwrap(await recoveryFromWords(repeatable.recovery.words)).signKey,
    nodeCopy: utf8ToText(unwrap(await openSecret(nodeCopy, node.sealing.identity, { ...expected, node: node.id }))),
    ownerCopy: utf8ToText(unwrap(await openSecret(ownerCopy, owner.sealing.identity, { ...expected, node: null }))),
    audit: unwrap(audit).sentence,
    refusals: await refusals(repeatable.release, state),
    vectors: await vectors(),
  };
}

/** Codes for hostile forms of one envelope: engines must agree on each. */
async function refusals(release: Envelope, state: TrustState): Promise<readonly string[]> {
  const payload = fromBase64(release.payload) ?? new Uint8Array();
  const signature = fromBase64(release.signatures[0]?.sig ?? '') ?? new Uint8Array();
  const keyid = release.signatures[0]?.keyid ?? '';
  const codes: string[] = [];
  const attempt = async (envelope: Envelope) => {
    const opened = await openEnvelope(envelope, { kind: 'release', fleet: state.fleet, keys: trustKeys(state) });
    codes.push(codeOf(opened));
  };
  for (let bit = 0; bit < signature.length * 8; bit += 7)
    await attempt({ ...release, signatures: [{ keyid, sig: toBase64(flipped(signature, bit)) }] });
  for (let bit = 0; bit < payload.length * 8; bit += 61)
    await attempt({ ...release, payload: toBase64(flipped(payload, bit)) });
  await attempt({ ...release, payload: toBase64(utf8(JSON.stringify(JSON.parse(utf8ToText(payload)), null, 1))) });
  return codes;
}

/** true for each hostile key or signature that was taken: all must be false in every engine. */
async function vectors(): Promise<readonly boolean[]> {
  const { key } = await createActor('portable owner');
  const message = utf8('m');
  const sig = await key.signer.sign(message);
  const zero = new Uint8Array(32);
  const points = [
    Uint8Array.of(1, ...new Uint8Array(31)),
    zero,
    Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xec : i === 31 ? 0x7f : 0xff)),
    Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xee : i === 31 ? 0x7f : 0xff)),
    new Uint8Array(32).fill(0xff),
    // y = 2 is not on the curve.
    Uint8Array.of(2, ...new Uint8Array(31)),
  ];
  const taken: boolean[] = [];
  for (const point of points) {
    taken.push(await verifySignature(toBase64Url(point), message, new Uint8Array([...point, ...zero])));
    taken.push(await verifySignature(toBase64Url(point), message, new Uint8Array([...(points[0] ?? zero), ...zero])));
    taken.push(await verifySignature(toBase64Url(point), message, sig));
    taken.push(await verifySignature(key.publicKey, message, new Uint8Array([...point, ...sig.subarray(32)])));
  }
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = order;
  for (let i = 31; i >= 0; i--) s += BigInt(sig[32 + i] ?? 0) << BigInt(8 * i);
  const twin = Uint8Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n));
  taken.push(await verifySignature(key.publicKey, message, new Uint8Array([...sig.subarray(0, 32), ...twin])));
  return taken;
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const out = new Uint8Array(bytes);
  out[bit >> 3] = (out[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return out;
}

const STREAM = sha256Hex(utf8('command of the stream'));

/** The device's end of a stream: `read` takes what `send` made in another engine. */
export async function receive(): Promise<{
  readonly publicKey: string;
  read(sent: { hello: string; frames: readonly string[] }): Promise<readonly string[]>;
}> {
  const receiver = await createStreamReceiver();
  const node = await createActor('portable node');
  return {
    publicKey: receiver.publicKey,
    read: async ({ hello, frames }) => {
      unwrap(await receiver.begin({ hello, commandHash: STREAM, nodeSignKey: node.key.publicKey }));
      const texts: string[] = [];
      for (const frame of frames)
        texts.push(utf8ToText(unwrap(await receiver.open(fromBase64(frame) ?? new Uint8Array())).bytes));
      return texts;
    },
  };
}

/** The node's end of a stream. */
export async function send(publicKey: string): Promise<{ hello: string; frames: readonly string[] }> {
  const node = await createActor('portable node');
  const sender = await createStreamSender(publicKey, { commandHash: STREAM, signer: node.key.signer });
  const frames: string[] = [];
  for (const [i, text] of ['one', 'two', 'three'].entries())
    frames.push(toBase64(await sender.seal(utf8(text), { last: i === 2 })));
  return { hello: sender.hello, frames };
}

import { createHmac } from 'node:crypto';
import { sha256Hex, toBase64, toBase64Url, utf8 } from '#shared/kernel/index.ts';
import { readPayload } from '../../trust/envelopes/open-envelope.ts';
import { preAuthEncoding } from '../../trust/envelopes/pae.ts';
import {
  applyTrustEntries,
  createEnrolmentRequest,
  createEnrolmentToken,
  createRecovery,
  createSetupCode,
  decideRelease,
  deriveBind,
  type Envelope,
  type EnvelopeKind,
  emptyFloor,
  envelopeKinds,
  openEnvelope,
  parseAuditExport,
  parseEnrolmentToken,
  parseEnvelope,
  parseSetupCode,
  parseStrictJson,
  payloadBytesOf,
  payloadTypeOf,
  recoveryFromWords,
  signEnvelope,
  trustKeys,
  verifyEnrolmentRequest,
} from '../../trust/index.ts';
import { readUnverifiedEntry } from '../../trust/log/read-entry.ts';
import { checkEntry } from '../../trust/log/rules.ts';
import {
  type Actor,
  at,
  BODY,
  coreSpki,
  createActor,
  createTestFleet,
  deviceOf,
  NOON,
  nodeOf,
  openedHeader,
  seededRandom,
  sign,
  type TestFleet,
  testId,
} from '../../trust/testing/test-fleet.ts';
import type { ParserUnderTest } from './parser-under-test.ts';

const MIB = 1024 * 1024;
const text = (input: Uint8Array): string => new TextDecoder().decode(input);
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));

/** The bytes, signed by this actor as a payload of this kind: what a stolen key can send. */
async function signAnyBytes(kind: EnvelopeKind, payload: Uint8Array, by: Actor): Promise<Envelope> {
  const payloadType = payloadTypeOf(kind);
  const sig = await by.key.signer.sign(preAuthEncoding(payloadType, payload));
  return { payloadType, payload: toBase64(payload), signatures: [{ keyid: by.id, sig: toBase64(sig) }] };
}

/** A signed payload of each kind, and entries of the trust log of most kinds. */
async function envelopesOf(fleet: TestFleet): Promise<Envelope[]> {
  const { owner, node } = fleet;
  const base = { fleet: fleet.state.fleet, trustHead: fleet.state.head };
  const guest = await createActor('guest');
  const entries = await Promise.all([
    sign(fleet.state, owner, { kind: 'add-person', personId: testId('bob'), name: 'Bob', role: 'operator' }),
    sign(fleet.state, owner, { kind: 'add-device', device: deviceOf(guest, 'guest'), personId: testId('ann') }),
    sign(fleet.state, owner, { kind: 'rename', what: 'node', id: node.id, name: 'cellar' }),
  ]);
  const command = {
    ...base,
    node: node.id,
    verb: 'logs',
    args: { appId: testId('app'), follow: true },
    session: testId('session'),
    writer: testId('writer'),
    counter: 1,
    expiresAt: at(60_000),
    replyKey: null,
  };
  const releases = [{ header: sha256Hex(BODY), appId: testId('app'), node: node.id, number: 1 }];
  const change = { ...base, changeSetId: testId('change'), verb: 'deploy', releases, planHash: sha256Hex(BODY) };
  const header = await openedHeader(fleet, owner, { number: 1, previous: null });
  const challenge = { ...base, coreSpki, challenge: toBase64Url(new Uint8Array(32)), expiresAt: at(60_000) };
  return [
    fleet.genesis,
    ...entries,
    await signEnvelope('command', command, owner.key.signer),
    await signEnvelope('changeset', { ...change, issuedAt: at() }, owner.key.signer),
    await signEnvelope('session', challenge, owner.key.signer),
    await signAnyBytes('release', header.payloadBytes, owner),
  ];
}

/** ENV-5: whatever text. */
export function strictJson(): ParserUnderTest {
  return {
    samples: [
      json({ a: [1, -2.5e3, true, null, 'é\u{1f600}'], b: { c: {} }, d: '' }),
      json([[[[[]]]], { x: 'y'.repeat(200) }]),
      utf8(' {"a" : "\\u0041\\n" }\r\n'),
    ],
    largest: MIB,
    parse: (input) => parseStrictJson(input, { maxBytes: MIB }),
  };
}

/** ENV-1 to ENV-4: the text of an envelope, opened as a command of a known device. */
export async function envelope(): Promise<ParserUnderTest> {
  const fleet = await createTestFleet();
  const envelopes = await envelopesOf(fleet);
  return {
    samples: envelopes.map(json),
    largest: 2 * MIB,
    parse: async (input) => {
      const parsed = parseEnvelope(input);
      if (!parsed.ok) return parsed;
      const kind = (/overseer\.([a-z-]+)\+json/.exec(parsed.value.payloadType)?.[1] ?? 'command') as EnvelopeKind;
      const known = Object.hasOwn(envelopeKinds, kind) ? kind : 'command';
      const keyOf = trustKeys(fleet.state);
      const fleetId = parsed.value.payload === fleet.genesis.payload ? '' : fleet.state.fleet;
      return openEnvelope(parsed.value, { kind: known, fleet: fleetId, keys: keyOf });
    },
  };
}

/** ENV-5 to ENV-7: what stands inside, as every kind. The signature is left out: a stolen key signs anything. */
export async function payload(): Promise<ParserUnderTest> {
  const envelopes = await envelopesOf(await createTestFleet());
  const kinds = Object.keys(envelopeKinds) as EnvelopeKind[];
  const marks: [string, EnvelopeKind][] = [
    ['"parents"', 'trust'],
    ['"releases"', 'changeset'],
    ['"verb"', 'command'],
    ['"challenge"', 'session'],
    ['"acceptBy"', 'release'],
  ];
  return {
    samples: envelopes.map(payloadBytesOf),
    largest: 64 * 1024,
    parse: (input) => {
      const likely = marks.find(([mark]) => Buffer.from(input.subarray(0, 4_096)).includes(mark))?.[1];
      return readPayload(likely ?? (kinds[input.length % kinds.length] as EnvelopeKind), input, ['known-feature']);
    },
  };
}

/** LOG-1 to LOG-9: the payload of an entry; a share of them signed, as an owner's stolen key can. */
export async function logEntry(): Promise<ParserUnderTest> {
  const fleet = await createTestFleet();
  const signature = fleet.genesis.signatures;
  const trust = (await envelopesOf(fleet)).filter(({ payloadType }) => payloadType === payloadTypeOf('trust'));
  return {
    samples: trust.map(payloadBytesOf),
    largest: 64 * 1024,
    parse: async (input) => {
      if (input.length % 64 === 0)
        return applyTrustEntries(fleet.state, [await signAnyBytes('trust', input, fleet.owner)]);
      const payloadType = payloadTypeOf('trust');
      const read = readUnverifiedEntry({ payloadType, payload: toBase64(input), signatures: signature });
      return read.ok && read.value.entry.kind !== 'genesis' ? checkEntry(read.value.entry, fleet.state) : read;
    },
  };
}

/** REL-1 to REL-8: the payload of a header; a share of them signed, as an owner's stolen key can. */
export async function releaseHeader(): Promise<ParserUnderTest> {
  const fleet = await createTestFleet();
  const { owner, node, state } = fleet;
  const header = await openedHeader(fleet, owner, { number: 1, previous: null });
  const openSigned = async (input: Uint8Array) =>
    openEnvelope(await signAnyBytes('release', input, owner), {
      kind: 'release',
      fleet: state.fleet,
      keys: trustKeys(state),
    });
  return {
    samples: [header.payloadBytes],
    largest: 16 * 1024,
    parse: async (input) => {
      const read = readPayload('release', input, []);
      const opened = input.length % 16 === 0 ? await openSigned(input) : undefined;
      if (opened?.ok === false) return opened;
      if (!read.ok) return read;
      const chain = [opened?.value ?? { ...header, payload: read.value }];
      return decideRelease({ floor: emptyFloor, chain, body: BODY, state, node: node.id, now: NOON });
    },
  };
}

/** ENR-1, ENR-2: a token, and what a token may hold. */
export function enrolmentToken(): ParserUnderTest {
  const about = {
    addresses: [{ host: 'core.lab.example', httpPort: 7443, linkPort: 7444 }],
    coreSpki,
    genesis: sha256Hex(BODY),
    expiresAt: at(600_000),
  };
  const { token, parsed } = createEnrolmentToken(about, seededRandom('token'));
  return {
    samples: [utf8(token), json(parsed)],
    largest: 16 * 1024,
    // Rubbish inside of a well-formed line comes as far as rubbish can.
    parse: (input) => parseEnrolmentToken(input[0] === 0x7b ? `ov1_${toBase64Url(input)}` : text(input), NOON),
  };
}

/** ENR-4: the request of a node, with a MAC that fits it: the core and a thief of the token can make one. */
export async function enrolmentRequest(): Promise<ParserUnderTest> {
  const about = { addresses: [], coreSpki, genesis: sha256Hex(BODY), expiresAt: at(600_000) };
  const addresses = [{ host: 'core.lab.example', httpPort: 7443, linkPort: 7444 }];
  const { parsed } = createEnrolmentToken({ ...about, addresses }, seededRandom('request'));
  const node = nodeOf(await createActor('node'), 'attic');
  const { request } = createEnrolmentRequest({ token: parsed, node, nodeFacts: { os: 'Debian', cpuCount: 2 } });
  const bind = await deriveBind(parsed);
  return {
    samples: [utf8(request)],
    largest: 64 * 1024,
    parse: (input) =>
      verifyEnrolmentRequest(parsed, text(input), createHmac('sha256', bind).update(text(input)).digest('base64url')),
  };
}

/** ENR-6: what a person types. */
export function setupCode(): ParserUnderTest {
  const { code } = createSetupCode(coreSpki, seededRandom('setup'));
  return {
    samples: [utf8(code), utf8(code.toUpperCase())],
    largest: 1_024,
    parse: (input) => parseSetupCode(text(input)),
  };
}

/** REC-2: what a person types of a recovery sheet. */
export async function recoveryWords(): Promise<ParserUnderTest> {
  const { words } = await createRecovery(seededRandom('words'));
  return { samples: [utf8(words.join(' '))], largest: 1_024, parse: (input) => recoveryFromWords(text(input)) };
}

/** AUD-2: the lines of an export. */
export async function auditExport(): Promise<ParserUnderTest> {
  const envelopes = await envelopesOf(await createTestFleet());
  const lines = [
    ...envelopes.map((one) => ({ type: 'trust', envelope: one })),
    { type: 'core', bytes: '{"seq":1}' },
    { type: 'witness', by: 'laptop', chain: 'core', seq: 1, head: sha256Hex(BODY) },
  ];
  return {
    samples: [...lines.map(json), utf8(lines.map((line) => JSON.stringify(line)).join('\n'))],
    largest: MIB,
    parse: (input) => parseAuditExport(text(input).split('\n')),
  };
}

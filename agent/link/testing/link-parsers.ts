import { coreToNodeSchema, LINK_MAX_FRAME_BYTES, nodeToCoreSchema } from '#shared/contracts/link/messages.ts';
import { replicaToCoreSchema, SYNC_MAX_FRAME_BYTES } from '#shared/contracts/sync/messages.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { ParserUnderTest } from '#shared/testing/generated/parser-under-test.ts';
import { parseStrictJson } from '#shared/trust/index.ts';
import { readLinkMessage } from '../read-message.ts';

const id = 'a'.repeat(26);
const hash = 'f'.repeat(64);
const envelope = {
  payloadType: 'application/vnd.overseer.command+json;v=1',
  payload: 'e30=',
  signatures: [{ keyid: id, sig: 'AAAA' }],
};
const facts = {
  ...{ version: '0.1.0', os: 'Debian', kernel: '6.1', arch: 'x64', hostname: 'attic', cpuCount: 2, cpuLoad: 0.5 },
  ...{ memoryTotalBytes: 1, memoryUsedBytes: 1, diskTotalBytes: 1, diskFreeBytes: 1, uptimeSeconds: 9 },
  ...{ dockerVersion: '28.5.2', composeVersion: null },
};
const floor = { appId: id, accepted: 3, header: hash, outcome: 'succeeded' };

const fromNode = [
  {
    type: 'hello',
    version: '0.1.0',
    node: id,
    session: id,
    trustHead: hash,
    nodeAuditHead: null,
    nodeAuditSeq: 0,
    floors: [floor],
    facts,
  },
  { type: 'heartbeat', facts },
  {
    type: 'step',
    appId: id,
    header: hash,
    step: 'pull',
    state: 'progress',
    at: '2026-03-01T12:00:00Z',
    text: 'pulling',
  },
  {
    type: 'outcome',
    appId: id,
    header: hash,
    number: 3,
    outcome: 'succeeded',
    awayMs: null,
    fault: null,
    floor: null,
    proof: envelope,
  },
  { type: 'trust', entries: [envelope] },
  { type: 'command-result', command: hash, ok: true, fault: null, hello: 'AAAA' },
];
const fromCore = [
  { type: 'release', job: id, appId: id, chain: [envelope], body: 'e30=', objects: [{ hash, data: 'AAAA' }] },
  { type: 'command', envelope },
  { type: 'credit', command: hash, frames: 16 },
  { type: 'welcome', version: '0.1.0', coreAuditHead: hash, nodeAuditSeq: 1 },
];

const malformed = () => err(fault('link.bad-message', 'permanent', 'malformed', 'send a message of the contract'));

function samplesOf(messages: readonly object[]): Uint8Array[] {
  return messages.map((message) => Buffer.from(JSON.stringify(message)));
}

function read(schema: Parameters<typeof readLinkMessage>[0], input: Uint8Array): Result<unknown> {
  const message = readLinkMessage(schema, Buffer.from(input), false);
  return typeof message === 'object' ? ok(message.value) : malformed();
}

/** A frame that the core gets from a node. */
export function frameFromNode(): ParserUnderTest {
  return {
    samples: samplesOf(fromNode),
    largest: LINK_MAX_FRAME_BYTES / 4,
    parse: (input) => read(nodeToCoreSchema, input),
  };
}

/** A frame that a node gets from the core. */
export function frameFromCore(): ParserUnderTest {
  return {
    samples: samplesOf(fromCore),
    largest: LINK_MAX_FRAME_BYTES / 4,
    parse: (input) => read(coreToNodeSchema, input),
  };
}

/** A frame that the core gets from a replica. */
export function frameFromReplica(): ParserUnderTest {
  return {
    samples: samplesOf([
      { type: 'hello', version: '0.1.0', trustHead: hash, heads: { fleet: { [id]: 3 }, [`app:${id}`]: { [id]: 1 } } },
      { type: 'push', id, rows: [envelope] },
    ]),
    largest: SYNC_MAX_FRAME_BYTES,
    parse: (input) => {
      const json = parseStrictJson(input, { maxBytes: SYNC_MAX_FRAME_BYTES });
      const message = replicaToCoreSchema.safeParse(json.ok ? json.value : undefined);
      return message.success ? ok(message.data) : malformed();
    },
  };
}

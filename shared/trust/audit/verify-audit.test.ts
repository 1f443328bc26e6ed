import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, sha256Hex, toBase64, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { type Envelope, emptyCutoff, itemHash, signEnvelope } from '../index.ts';
import {
  type Actor,
  addPerson,
  at,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';
import type { AuditWitness } from './chain.ts';
import { createCoreAuditEntry, parseCoreAuditEntry } from './core-entry.ts';
import type { CoreAuditEntry } from './entries.ts';
import { verifyAudit } from './verify-audit.ts';

interface CoreText {
  readonly bytes: string;
  readonly hash: string;
}

let fleet: TestFleet;
let second: Actor;
let core: CoreText[];
let nodeChain: Envelope[];

beforeAll(async () => {
  fleet = await createTestFleet();
  second = await createActor('second');
  fleet = { ...fleet, state: await addPerson(fleet.state, fleet.owner, second, 'owner') };
  core = await coreChain(8);
  nodeChain = await nodeAudit(5);
});

function entryText(seq: number, prev: string | null, changes: Partial<CoreAuditEntry> = {}): CoreText {
  return createCoreAuditEntry({
    v: 1,
    fleet: fleet.state.fleet,
    seq,
    prev,
    at: at(seq),
    actor: { kind: 'core', id: 'core' },
    action: 'job.done',
    subject: { job: `${seq}` },
    envelope: null,
    outcome: 'accepted',
    fault: null,
    ...changes,
  });
}

/** A command by an owner that says which audit head he had seen. */
const signed = (by: Actor, auditHead: string | null) =>
  signEnvelope(
    'command',
    {
      fleet: fleet.state.fleet,
      auditHead,
      node: fleet.node.id,
      verb: 'restart',
      args: {},
      session: testId('session'),
      writer: testId('writer'),
      counter: 1,
      expiresAt: at(60_000),
      replyKey: null,
    },
    by.key.signer,
  );

/** Entry 4 holds an owner's command who had seen entry 3, unless told otherwise. */
async function coreChain(length: number, at4: Partial<CoreAuditEntry> | null = {}): Promise<CoreText[]> {
  const chain: CoreText[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const prev = chain.at(-1)?.hash ?? null;
    const action =
      seq === 4 && at4
        ? {
            actor: { kind: 'device' as const, id: fleet.owner.id },
            action: 'command',
            envelope: await signed(fleet.owner, prev),
            ...at4,
          }
        : {};
    chain.push(entryText(seq, prev, action));
  }
  return chain;
}

async function nodeAudit(length: number, by = fleet.node, word = 'x'): Promise<Envelope[]> {
  const chain: Envelope[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const prev = chain.at(-1);
    chain.push(
      await signEnvelope(
        'node-audit',
        {
          fleet: fleet.state.fleet,
          seq,
          prev: prev ? itemHash(prev) : null,
          at: at(seq),
          action: 'succeeded',
          subject: { app: testId('app') },
          order: null,
          detail: { word },
        },
        by.key.signer,
      ),
    );
  }
  return chain;
}

interface Parts {
  trust?: readonly Envelope[];
  core?: readonly CoreText[];
  nodes?: readonly Envelope[];
  hearsay?: readonly object[];
}
const linesOf = ({ trust = fleet.state.entries, core: chain = core, nodes = nodeChain, hearsay = [] }: Parts) =>
  [
    ...trust.map((envelope) => ({ type: 'trust', envelope })),
    ...chain.map(({ bytes }) => ({ type: 'core', bytes })),
    ...nodes.map((envelope) => ({ type: 'node', envelope })),
    ...hearsay.map((witness) => ({ type: 'witness', by: 'somebody', ...witness })),
  ].map((line) => JSON.stringify(line));
const verify = async (parts: Parts, witnesses: readonly AuditWitness[] = []) =>
  unwrap(await verifyAudit(linesOf(parts), { genesis: fleet.state.fleet, witnesses }));
const whats = async (parts: Parts, witnesses: readonly AuditWitness[] = []) =>
  (await verify(parts, witnesses)).findings.map(
    ({ chain, what, seq }) => `${chain === fleet.node.id ? 'node' : chain} ${what} ${seq}`,
  );
const nth = (seq: number) => core[seq - 1] as CoreText;

describe('AUD-1: entries of the core', () => {
  it('AUD-1: are kept as exact text, linked by its hash', () => {
    const { entry, hash } = unwrap(parseCoreAuditEntry(nth(2).bytes));
    expect(hash).toBe(sha256Hex(utf8(nth(2).bytes)));
    expect(entry.prev).toBe(nth(1).hash);
    expect(unwrap(parseCoreAuditEntry(`${nth(2).bytes} `)).hash).not.toBe(hash);
  });

  it.each<[string, Partial<CoreAuditEntry>]>([
    ['a prev on the first', { seq: 1, prev: sha256Hex(utf8('x')) }],
    ['no prev on the second', { seq: 2, prev: null }],
    ['seq 0', { seq: 0, prev: null }],
    ['a fault that is no code', { fault: 'something went wrong' }],
  ])('AUD-1: %s is refused', (_, changes) => {
    expect(() => entryText(1, null, changes)).toThrow(/no audit entry/);
  });
});

describe('AUD-2: the export', () => {
  it('AUD-2: a whole one is verified without a core', async () => {
    const verdict = await verify({}, [{ chain: 'core', seq: 8, head: nth(8).hash }]);
    expect(verdict).toMatchObject({
      verdict: 'verified',
      findings: [],
      trustEntries: 4,
      core: { entries: 8, head: nth(8).hash, witnessedSeq: 8 },
    });
    expect(verdict.nodes[fleet.node.id]).toMatchObject({ entries: 5 });
    expect(verdict.sentence).toBe('All 8 entries fit together and up to entry 8 others saw them.');
  });

  it('AUD-2: another genesis, no genesis or a changed trust log is refused', async () => {
    const other = await createTestFleet('other');
    const about = { genesis: fleet.state.fleet, witnesses: [] };
    for (const trust of [other.state.entries, fleet.state.entries.slice(1), []])
      expect(codeOf(await verifyAudit(linesOf({ trust }), about))).toBe('audit.bad-trust-log');
  });

  it('AUD-2: a line that is not known is refused with its number', async () => {
    const lines = [...linesOf({}), '', '{"type":"later"}'];
    const refused = await verifyAudit(lines, { genesis: fleet.state.fleet, witnesses: [] });
    expect(refused).toMatchObject({ ok: false, error: { code: 'audit.bad-line', field: `line ${lines.length}` } });
  });

  it('AUD-2: a parent that is missing in the trust log is reported', async () => {
    const [a, b, , d] = fleet.state.entries as [Envelope, Envelope, Envelope, Envelope];
    expect(await whats({ trust: [a, b, d] })).toContain('trust missing null');
  });
});

describe('AUD-3: what is wrong', () => {
  const seen: () => AuditWitness[] = () => [{ chain: 'core', seq: 8, head: nth(8).hash }];

  it('AUD-3: a missing entry', async () => {
    expect(await whats({ core: core.filter((_, i) => i !== 5) }, seen())).toEqual(['core missing 6']);
    expect(await whats({ core: core.slice(1) }, seen())).toContain('core missing 1');
  });

  it('AUD-3: a truncated chain', async () => {
    expect(await whats({ core: core.slice(0, 6) }, seen())).toEqual(['core truncated 8']);
    expect(await whats({ core: core.slice(0, 6) }, [{ chain: 'core', head: nth(8).hash }])).toEqual([
      'core truncated null',
    ]);
    expect(await whats({ core: [] }, seen())).toContain('core truncated 8');
  });

  it('AUD-3: a forked chain: a witness saw another one', async () => {
    const rewritten = core.slice(0, 5);
    for (let seq = 6; seq <= 8; seq++)
      rewritten.push(entryText(seq, rewritten.at(-1)?.hash ?? null, { subject: { job: 'another' } }));
    expect(await whats({ core: rewritten }, seen())).toEqual(['core forked 8']);
  });

  it('AUD-3: a forked chain: both branches are in the export', async () => {
    const twin = entryText(6, nth(5).hash, { subject: { job: 'another' } });
    expect(await whats({ core: [...core, twin] }, seen())).toEqual(['core forked 6']);
  });

  it('AUD-3: an altered entry', async () => {
    for (const changed of [nth(5).bytes.replace('"5"', '"6"'), `${nth(5).bytes} `]) {
      const altered = core.map((text, i) => (i === 4 ? { ...text, bytes: changed } : text));
      expect(await whats({ core: altered }, seen())).toEqual(['core altered 5']);
    }
    const rubbish = core.map((text, i) => (i === 4 ? { ...text, bytes: 'x' } : text));
    expect(await whats({ core: rubbish }, seen())).toEqual(['core altered null', 'core missing 5']);
  });

  it('AUD-3: an altered last entry shows against a witness', async () => {
    const altered = [...core.slice(0, 7), entryText(8, nth(7).hash, { subject: { job: 'x' } })];
    expect(await whats({ core: altered }, seen())).toEqual(['core forked 8']);
  });

  it('AUD-3: the order of the lines does not matter, and the same line twice is one', async () => {
    expect(await whats({ core: [...core, ...core].reverse(), nodes: [...nodeChain].reverse() }, seen())).toEqual([]);
  });
});

describe('AUD-4: witnesses', () => {
  it('AUD-4: with none, the verdict is that the core agrees with itself', async () => {
    const verdict = await verify({ core: await coreChain(8, null) });
    expect(verdict).toMatchObject({ verdict: 'consistent-only', findings: [] });
    expect(verdict.sentence).toMatch(/nobody other than the core vouches/);
  });

  it('AUD-4: a head that a device signed vouches up to its entry', async () => {
    const verdict = await verify({});
    expect(verdict).toMatchObject({ verdict: 'verified', core: { witnessedSeq: 3 } });
    expect(verdict.sentence).toMatch(/up to entry 3 .* the last 5 have only the core's word/);
  });

  it('AUD-4: a head that a device signed and that is not there shows a rewritten history', async () => {
    const lost = await signed(fleet.owner, sha256Hex(utf8('an entry the core took away')));
    expect(await whats({ core: await coreChain(8, { envelope: lost }) })).toEqual(['core truncated null']);
  });

  it('AUD-4: a head that a node signed counts too', async () => {
    const [first] = nodeChain;
    const next = await signEnvelope(
      'node-audit',
      {
        fleet: fleet.state.fleet,
        auditHead: nth(7).hash,
        seq: 2,
        prev: first ? itemHash(first) : null,
        at: at(9),
        action: 'started',
        subject: {},
        order: null,
        detail: {},
      },
      fleet.node.key.signer,
    );
    expect((await verify({ nodes: [first as Envelope, next] })).core.witnessedSeq).toBe(7);
  });

  it('AUD-4: a witness line of the export shows a fault but vouches for nothing', async () => {
    const plain = await coreChain(8, null);
    const agreeing = await verify({ core: plain, hearsay: [{ chain: 'core', seq: 8, head: plain[7]?.hash }] });
    expect(agreeing.verdict).toBe('consistent-only');
    const lost = { chain: 'core', seq: 9, head: sha256Hex(utf8('x')) };
    expect(await whats({ core: plain, hearsay: [lost] })).toEqual(['core truncated 9']);
  });
});

describe('AUD-5: embedded envelopes', () => {
  const changed = async (change: (envelope: Envelope) => Envelope) =>
    whats({ core: await coreChain(8, { envelope: change(await signed(fleet.owner, null)) }) });

  it('AUD-5: one that was changed is an altered entry', async () => {
    expect(
      await changed((envelope) => ({
        ...envelope,
        payload: toBase64(
          utf8(utf8ToText(fromBase64(envelope.payload) ?? new Uint8Array()).replace('restart', 'volumes')),
        ),
      })),
    ).toEqual(['core altered 4']);
    expect(await changed((envelope) => ({ ...envelope, payloadType: 'text/plain' }))).toEqual(['core altered 4']);
  });

  it('AUD-5: one by another device than the entry names is an altered entry', async () => {
    const envelope = await signed(second, null);
    expect(await whats({ core: await coreChain(8, { envelope }) })).toEqual(['core altered 4']);
    const actor = { kind: 'device' as const, id: second.id };
    expect(await whats({ core: await coreChain(8, { envelope, actor }) })).toEqual([]);
  });

  it('AUD-5: one that was refused need not hold', async () => {
    const envelope = await signed(await createActor('stranger'), null);
    const refused = { envelope, outcome: 'refused' as const, fault: 'trust.unknown-signer' };
    expect(await whats({ core: await coreChain(8, refused) })).toEqual([]);
  });

  it('AUD-5: an entry of the trust log must be in the trust log', async () => {
    const envelope = fleet.state.entries[1] as Envelope;
    expect(await whats({ core: await coreChain(8, { envelope }) })).toEqual([]);
    const other = (await createTestFleet('other')).genesis;
    expect(await whats({ core: await coreChain(8, { envelope: other, actor: { kind: 'core', id: 'core' } }) })).toEqual(
      ['core altered 4'],
    );
  });

  it('AUD-5: an entry of another fleet is an altered one', async () => {
    expect(await whats({ core: await coreChain(8, { fleet: sha256Hex(utf8('x')) }) })).toContain('core altered 4');
  });
});

describe('AUD-7: what a revoked key did', () => {
  const revoked = async (audit: { seq: number; hash: string } | null) => {
    const entry = { kind: 'revoke-device', deviceId: second.id, cutoff: { ...emptyCutoff, audit } } as const;
    return (await extend(fleet.state, fleet.owner, entry)).entries;
  };
  const by = (seq: number, prev: string | null, changes = {}) =>
    entryText(seq, prev, { actor: { kind: 'device', id: second.id }, action: 'app.deploy', ...changes });

  it('AUD-7: an accepted entry above the cut-off is listed as void, and the log still holds', async () => {
    const [sixth, first] = [by(6, nth(5).hash), core.slice(0, 5)];
    const seventh = by(7, sixth.hash, { outcome: 'refused', fault: 'trust.revoked' });
    const chain = [...first, sixth, seventh];
    const verdict = await verify({ core: chain, trust: await revoked({ seq: 5, hash: nth(5).hash }) });
    expect(verdict.voided).toEqual([{ seq: 6, device: second.id, action: 'app.deploy' }]);
    expect(verdict).toMatchObject({ verdict: 'verified', findings: [], core: { witnessedSeq: 5 } });
    const later = await verify({ core: chain, trust: await revoked({ seq: 6, hash: sixth.hash }) });
    expect(later.voided).toEqual([]);
    expect((await verify({ core: chain, trust: await revoked(null) })).voided).toEqual([]);
  });

  it('AUD-7: a cut-off names an entry that must be there (A8-47)', async () => {
    const other = sha256Hex(utf8('another fifth entry'));
    expect(await whats({ trust: await revoked({ seq: 5, hash: other }) })).toEqual(['core forked 5']);
    expect(await whats({ trust: await revoked({ seq: 50, hash: other }) })).toEqual(['core truncated 50']);
  });
});

describe('AUD-6: chains of nodes', () => {
  const seen = (): AuditWitness[] => [{ chain: fleet.node.id, seq: 5, head: itemHash(nodeChain[4] as Envelope) }];

  it('AUD-6: whole, missing and truncated are told apart', async () => {
    expect(await whats({}, seen())).toEqual([]);
    expect(await whats({ nodes: nodeChain.filter((_, i) => i !== 2) }, seen())).toEqual(['node missing 3']);
    expect(await whats({ nodes: nodeChain.slice(0, 3) }, seen())).toEqual(['node truncated 5']);
    expect(await whats({ nodes: [] }, seen())).toEqual(['node truncated 5']);
  });

  it('AUD-6: a second history by the node itself is a fork', async () => {
    const other = await nodeAudit(5, fleet.node, 'y');
    expect(await whats({ nodes: other }, seen())).toEqual(['node forked 5']);
    expect(await whats({ nodes: [...nodeChain.slice(0, 3), ...other.slice(3)] }, seen())).toContain('node forked 3');
  });

  it('AUD-6: an entry that the node did not sign is altered', async () => {
    const [first] = await nodeAudit(1, second);
    expect((await verify({ nodes: [...nodeChain, first as Envelope] })).findings).toMatchObject([
      { chain: second.id, what: 'altered' },
    ]);
  });
});

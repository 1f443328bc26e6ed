import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, sha256Hex, toBase64, toBase64Url, unwrap, utf8 } from '#shared/kernel/index.ts';
import { preAuthEncoding } from '../envelopes/pae.ts';
import {
  applyTrustEntries,
  createTrustState,
  decideDeviceMay,
  type Envelope,
  isOwnerDevice,
  keyIdOf,
  nodeOfTlsKey,
  ownerRecipients,
  payloadTypeOf,
  type TrustEntry,
  type TrustState,
  trustKeys,
} from '../index.ts';
import {
  type Actor,
  addPerson,
  addresses,
  at,
  codeOf,
  coreSpki,
  createActor,
  createTestFleet,
  deviceOf,
  extend,
  genesisEntry,
  merge,
  nodeOf,
  refusalOf,
  sign,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

let fleet: TestFleet;
let second: Actor;
let helper: Actor;
let cellar: Actor;
/** The fleet and a second owner's desktop. */
let two: TrustState;

beforeAll(async () => {
  fleet = await createTestFleet();
  second = await createActor('second');
  helper = await createActor('helper');
  cellar = await createActor('cellar');
  two = await addPerson(fleet.state, fleet.owner, second, 'owner', 'desktop');
});

const refusal = async (state: TrustState, envelopes: readonly Envelope[]) =>
  codeOf(await applyTrustEntries(state, envelopes));
const core = (name: string, epoch: number): TrustEntry => ({
  kind: 'core',
  tlsSpki: sha256Hex(utf8(name)),
  addresses,
  epoch,
});

/** Signs any trust payload, as a hostile but enrolled device could. */
async function signAny(by: Actor, payload: object): Promise<Envelope> {
  const bytes = utf8(JSON.stringify({ signer: by.id, requires: [], trustHead: null, auditHead: null, ...payload }));
  const sig = await by.key.signer.sign(preAuthEncoding(payloadTypeOf('trust'), bytes));
  return {
    payloadType: payloadTypeOf('trust'),
    payload: toBase64(bytes),
    signatures: [{ keyid: by.id, sig: toBase64(sig) }],
  };
}
const signOnTop = (state: TrustState, by: Actor, entry: object) =>
  signAny(by, { fleet: state.fleet, parents: state.heads, at: at(), entry });

describe('LOG-1: genesis', () => {
  it('LOG-1: its hash is the fleet, and it names owner, device, recovery and core', () => {
    expect(fleet.state.fleet).toBe(sha256Hex(fromBase64(fleet.genesis.payload) ?? new Uint8Array()));
    expect([...fleet.state.devices.keys()]).toEqual([fleet.owner.id]);
    expect(fleet.state.core).toMatchObject({ tlsSpki: coreSpki, epoch: 1 });
    expect(fleet.state.recovery?.signKey).toBe(fleet.recovery.key.publicKey);
    expect(fleet.state.genesis?.fleetName).toBe('Home');
  });

  it('LOG-1: a second one is refused, the same one again is not', async () => {
    const other = await createTestFleet('other');
    expect(await refusal(fleet.state, [other.genesis])).toBe('trust.second-genesis');
    expect(await refusal(createTrustState(), [fleet.genesis, other.genesis])).toBe('trust.second-genesis');
    expect(unwrap(await applyTrustEntries(fleet.state, [fleet.genesis])).applied).toEqual([]);
  });

  it('LOG-1 ENR-5: a log that was created for a fleet takes no other genesis (A8-11)', async () => {
    const other = await createTestFleet('other');
    expect(await refusal(createTrustState(fleet.state.fleet), [other.genesis])).toBe('trust.wrong-genesis');
    expect(await refusal(createTrustState(fleet.state.fleet), other.state.entries)).toBe('trust.wrong-fleet');
    expect(await refusal(createTrustState(fleet.state.fleet), fleet.state.entries)).toBe('ok');
  });

  it.each<[string, (entry: Record<string, unknown>) => object, string]>([
    ['parents', () => ({ parents: [sha256Hex(utf8('x'))] }), 'trust.bad-payload'],
    ['a fleet of its own', () => ({ fleet: sha256Hex(utf8('x')) }), 'trust.wrong-fleet'],
    [
      'a signer that is not its device',
      (entry) => ({ entry: { ...entry, device: deviceOf(second, 'x') } }),
      'trust.unknown-signer',
    ],
    [
      'an operator as its person',
      (entry) => ({ entry: { ...entry, person: { personId: testId('p'), name: 'P', role: 'operator' } } }),
      'trust.bad-payload',
    ],
    [
      'a core of epoch 2',
      (entry) => ({ entry: { ...entry, core: { tlsSpki: coreSpki, addresses, epoch: 2 } } }),
      'trust.bad-payload',
    ],
    [
      'its own key for recovery',
      (entry) => ({
        entry: {
          ...entry,
          recovery: { signKey: fleet.owner.key.publicKey, ageRecipient: fleet.recovery.sealing.recipient },
        },
      }),
      'trust.duplicate-key',
    ],
  ])('LOG-1: refuses a genesis with %s', async (_, change, code) => {
    const entry = { ...genesisEntry(fleet.owner, fleet.recovery) };
    const envelope = await signAny(fleet.owner, { fleet: '', parents: [], at: at(), entry, ...change(entry) });
    expect(await refusal(createTrustState(), [envelope])).toBe(code);
  });
});

describe('LOG-2: order and repetition', () => {
  it('LOG-2: reversed and doubled entries give the same state', async () => {
    const reversed = [...two.entries].reverse();
    const again = unwrap(await applyTrustEntries(createTrustState(), [...reversed, ...reversed])).state;
    expect(again.head).toBe(two.head);
    expect(again.entries).toEqual(two.entries);
    expect(unwrap(await applyTrustEntries(two, two.entries)).state.head).toBe(two.head);
  });

  it('LOG-2: one bad entry refuses the call and changes nothing, wherever it stands', async () => {
    const good = await sign(two, second, { kind: 'add-node', node: nodeOf(cellar, 'cellar') });
    const sig = toBase64(new Uint8Array(64).fill(9));
    const bad = { ...good, signatures: [{ keyid: second.id, sig }] };
    for (const batch of [[good, bad], [bad, good], [bad]])
      expect(await refusal(two, batch)).toBe('trust.bad-signature');
    expect(two.nodes.size).toBe(1);
  });
});

describe('LOG-2: hostile batches', () => {
  it('LOG-2: more than 10,000 entries at once are refused unread', async () => {
    expect(await refusal(createTrustState(), new Array(10_001).fill(fleet.genesis))).toBe('trust.too-many');
  });

  it('LOG-2: whatever an owner signs, the answer is a fault and never a throw', async () => {
    const [head] = two.heads;
    const valid = { kind: 'add-node', node: nodeOf(cellar, 'cellar') };
    const payload = fc.oneof(
      fc.record({ entry: fc.jsonValue() }),
      fc.record({ parents: fc.jsonValue(), entry: fc.constant(valid) }),
      fc.record({ at: fc.string(), entry: fc.constant(valid) }),
      fc
        .tuple(
          fc.constantFrom('genesis', 'add-person', 'add-device', 'core', 'add-node'),
          fc.dictionary(fc.string(), fc.jsonValue()),
        )
        .map(([kind, fields]) => ({ entry: { ...fields, kind } })),
      fc
        .tuple(fc.constantFrom('nodeId', 'name', 'signKey', 'ageRecipient', 'tlsSpki'), fc.jsonValue())
        .map(([field, value]) => ({ entry: { kind: 'add-node', node: { ...valid.node, [field]: value } } })),
    );
    await fc.assert(
      fc.asyncProperty(payload, async (fields) => {
        const envelope = await signAny(fleet.owner, {
          fleet: two.fleet,
          parents: [head],
          at: at(),

          ...fields,
        });
        const applied = await applyTrustEntries(two, [envelope]);
        // Another name is the one thing that still makes a valid entry.
        if (applied.ok)
          expect(applied.value.state.nodes.has(cellar.id) || applied.value.pending.length === 1).toBe(true);
        else expect(applied.error.code).toMatch(/^trust\./);
      }),
      { numRuns: 150 },
    );
  });
});

describe('LOG-3: entries that came too early', () => {
  it('LOG-3: wait, and count once their parents are there', async () => {
    const early = two.entries.slice(2);
    const waiting = unwrap(await applyTrustEntries(fleet.state, early.slice(1)));
    expect(waiting.applied).toEqual([]);
    expect(waiting.pending).toHaveLength(1);
    expect(waiting.state.devices.size).toBe(1);
    const whole = unwrap(await applyTrustEntries(waiting.state, early.slice(0, 1)));
    expect(whole.applied).toHaveLength(2);
    expect(whole.state.pending).toEqual([]);
    expect(whole.state.head).toBe(two.head);
  });

  it('LOG-3: rubbish that waits is dropped later and blocks nobody', async () => {
    const [first, last] = two.entries.slice(2);
    if (!first || !last) throw new Error('two entries are expected');
    const bad = { ...last, signatures: [{ keyid: fleet.owner.id, sig: toBase64(new Uint8Array(64).fill(9)) }] };
    const waiting = unwrap(await applyTrustEntries(fleet.state, [bad])).state;
    expect(waiting.pending).toHaveLength(1);
    const whole = unwrap(await applyTrustEntries(waiting, [first])).state;
    expect(whole.pending).toEqual([]);
    const both = unwrap(await applyTrustEntries(waiting, [first, last])).state;
    expect(both.head).toBe(two.head);
  });

  it('LOG-3: at most 1,000 wait', async () => {
    const envelopes: Envelope[] = [];
    for (let i = 0; i <= 1_000; i++)
      envelopes.push({
        payloadType: payloadTypeOf('trust'),
        payload: toBase64(
          utf8(
            JSON.stringify({
              fleet: fleet.state.fleet,
              signer: fleet.owner.id,
              requires: [],
              trustHead: null,
              auditHead: null,
              parents: [sha256Hex(utf8(`nowhere ${i}`))],
              at: at(),
              entry: { kind: 'add-person', personId: testId('x'), name: 'X', role: 'viewer' },
            }),
          ),
        ),
        signatures: [{ keyid: fleet.owner.id, sig: toBase64(new Uint8Array(64)) }],
      });
    expect(await refusal(fleet.state, envelopes)).toBe('trust.too-many');
    expect(await refusal(fleet.state, envelopes.slice(1))).toBe('ok');
  });

  it('LOG-3: an entry of another fleet does not wait', async () => {
    const other = await createTestFleet('other');
    expect(await refusal(fleet.state, other.state.entries.slice(1))).toBe('trust.wrong-fleet');
  });
});

describe('LOG-4: only owners sign', () => {
  it.each(['operator', 'viewer'] as const)('LOG-4: an %s may not', async (role) => {
    const state = await addPerson(fleet.state, fleet.owner, helper, role);
    expect(await refusalOf(state, helper, { kind: 'add-node', node: nodeOf(cellar, 'cellar') })).toBe(
      'trust.not-owner',
    );
  });

  it.each(['browser', 'automation'] as const)("LOG-4: an owner's %s may not", async (kind) => {
    const state = await addPerson(fleet.state, fleet.owner, helper, 'owner', kind);
    expect(await refusalOf(state, helper, { kind: 'add-node', node: nodeOf(cellar, 'cellar') })).toBe(
      'trust.not-owner',
    );
  });

  it('LOG-4: a node, the recovery key and a stranger may not', async () => {
    for (const by of [fleet.node, fleet.recovery, cellar])
      expect(await refusalOf(fleet.state, by, { kind: 'add-node', node: nodeOf(cellar, 'cellar') })).toBe(
        'trust.unknown-signer',
      );
  });

  it('LOG-4: a device that was added beside the entry does not count for it', async () => {
    // Signed by the second owner, but on parents that do not know him.
    const entry = { kind: 'add-node', node: nodeOf(cellar, 'cellar') } as const;
    const envelope = await sign(fleet.state, second, entry);
    expect(await refusal(two, [envelope])).toBe('trust.unknown-signer');
  });

  it('LOG-4: the browser that claimed the fleet is owner until the first CLI stands', async () => {
    const web = await createTestFleet('web', 'browser');
    expect(isOwnerDevice(web.state, web.owner.id)).toBe(true);
    const firm = await extend(web.state, web.owner, {
      kind: 'add-device',
      device: deviceOf(second, 'laptop', 'cli'),
      personId: testId('ann'),
    });
    expect(isOwnerDevice(firm, web.owner.id)).toBe(false);
    expect(isOwnerDevice(firm, second.id)).toBe(true);
    expect(await refusalOf(firm, web.owner, { kind: 'add-node', node: nodeOf(cellar, 'cellar') })).toBe(
      'trust.not-owner',
    );
    expect(await refusalOf(firm, second, { kind: 'add-node', node: nodeOf(cellar, 'cellar') })).toBe('ok');
  });
});

describe('LOG-5: what an entry must fit', () => {
  it('LOG-5: ids are new', async () => {
    const owner = fleet.owner;
    const personId = testId('ann');
    const again: TrustEntry[] = [
      { kind: 'add-person', personId, name: 'Ann', role: 'viewer' },
      { kind: 'add-device', personId, device: deviceOf(owner, 'again') },
      { kind: 'add-device', personId, device: deviceOf(fleet.node, 'a node as device') },
      { kind: 'add-node', node: { ...nodeOf(fleet.node, 'again'), tlsSpki: sha256Hex(utf8('new')) } },
      { kind: 'add-node', node: nodeOf(owner, 'a device as node') },
    ];
    for (const entry of again) expect(await refusalOf(fleet.state, owner, entry)).toBe('trust.duplicate-id');
  });

  it('LOG-5: TLS keys and the recovery key are nobody else’s', async () => {
    const taken: TrustEntry[] = [
      { kind: 'add-node', node: { ...nodeOf(cellar, 'x'), tlsSpki: coreSpki } },
      { kind: 'add-node', node: { ...nodeOf(cellar, 'x'), tlsSpki: nodeOf(fleet.node, 'attic').tlsSpki } },
      { kind: 'core', tlsSpki: nodeOf(fleet.node, 'attic').tlsSpki, addresses, epoch: 2 },
      { kind: 'add-node', node: nodeOf(fleet.recovery, 'x') },
    ];
    for (const entry of taken) expect(await refusalOf(fleet.state, fleet.owner, entry)).toBe('trust.duplicate-key');
  });

  it('LOG-5: the id is the hash of the key', async () => {
    const node = { ...nodeOf(cellar, 'cellar'), nodeId: helper.id };
    expect(await refusalOf(fleet.state, fleet.owner, { kind: 'add-node', node })).toBe('trust.bad-key');
  });

  it('LOG-5 ENV-4: a key of small order does not get in', async () => {
    const signKey = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)));
    const node = { ...nodeOf(cellar, 'cellar'), signKey, nodeId: keyIdOf(signKey) };
    expect(await refusalOf(fleet.state, fleet.owner, { kind: 'add-node', node })).toBe('trust.bad-key');
  });

  it('LOG-5 SEC-6: a mistyped recipient does not get in', async () => {
    const recipient = cellar.sealing.recipient;
    const typo = `${recipient.slice(0, 500)}${recipient.charAt(500) === 'q' ? 'p' : 'q'}${recipient.slice(501)}`;
    const node = { ...nodeOf(cellar, 'cellar'), ageRecipient: typo };
    expect(await refusalOf(fleet.state, fleet.owner, { kind: 'add-node', node })).toBe('trust.bad-recipient');
  });

  it('LOG-5: a device belongs to a person of the fleet', async () => {
    const entry = { kind: 'add-device', device: deviceOf(second, 'x'), personId: testId('nobody') } as const;
    expect(await refusalOf(fleet.state, fleet.owner, entry)).toBe('trust.unknown-person');
  });

  it('LOG-5: parents are named once, and genesis alone has none', async () => {
    const entry = { kind: 'add-person', personId: testId('x'), name: 'X', role: 'viewer' };
    const [head] = fleet.state.heads;
    for (const parents of [[], [head, head]])
      expect(
        await refusal(fleet.state, [
          await signAny(fleet.owner, { fleet: fleet.state.fleet, parents, at: at(), entry }),
        ]),
      ).toBe('trust.bad-payload');
  });
});

describe('LOG-6: concurrent entries', () => {
  const personOf = (name: string): TrustEntry => ({
    kind: 'add-person',
    personId: testId('new'),
    name,
    role: 'viewer',
  });

  it('LOG-6: that have nothing to do with each other all count', async () => {
    const left = await extend(two, fleet.owner, { kind: 'add-node', node: nodeOf(cellar, 'cellar') });
    const right = await extend(two, second, personOf('Bob'));
    const both = await merge(left, right);
    expect(both.heads).toHaveLength(2);
    expect(both.nodes.has(cellar.id)).toBe(true);
    expect(both.persons.has(testId('new'))).toBe(true);
    expect(both.clashes).toEqual([]);
  });

  it('LOG-6: that say the same about one id do not clash', async () => {
    const both = await merge(
      await extend(two, fleet.owner, personOf('Bob')),
      await extend(two, second, personOf('Bob')),
    );
    expect(both.persons.get(testId('new'))).toMatchObject({ name: 'Bob' });
    expect(both.clashes).toEqual([]);
  });

  it('LOG-6: that say the same with their fields in another order do not clash', async () => {
    const { nodeId, name, signKey, ageRecipient, tlsSpki } = nodeOf(cellar, 'cellar');
    const more = { rack: null, tags: ['a', 'b'] };
    const left = { kind: 'add-node', node: { nodeId, name, signKey, ageRecipient, tlsSpki, ...more } } as const;
    const right = { kind: 'add-node', node: { ...more, tlsSpki, ageRecipient, signKey, name, nodeId } } as const;
    const both = await merge(await extend(two, fleet.owner, left), await extend(two, second, right));
    expect(both.nodes.get(cellar.id)).toMatchObject({ name: 'cellar', rack: null });
    expect(both.clashes).toEqual([]);
  });

  it('LOG-6: that differ about one id clash, none counts, and a later entry settles it', async () => {
    const both = await merge(
      await extend(two, fleet.owner, personOf('Bob')),
      await extend(two, second, personOf('Rob')),
    );
    expect(both.persons.has(testId('new'))).toBe(false);
    expect(both.clashes).toMatchObject([{ what: 'person', id: testId('new') }]);
    expect(both.clashes[0]?.entries).toHaveLength(2);
    const settled = await extend(both, second, personOf('Robert'));
    expect(settled.persons.get(testId('new'))).toMatchObject({ name: 'Robert' });
    expect(settled.clashes).toEqual([]);
    expect(await refusalOf(settled, second, personOf('Roberta'))).toBe('trust.duplicate-id');
  });

  it('LOG-6: a device that clashes signs nothing', async () => {
    const add = (name: string): TrustEntry => ({
      kind: 'add-device',
      device: deviceOf(helper, name),
      personId: testId('ann'),
    });
    const both = await merge(await extend(two, fleet.owner, add('left')), await extend(two, second, add('right')));
    expect(decideDeviceMay(both, helper.id, 'deploy').ok).toBe(false);
    expect(await refusalOf(both, helper, personOf('Bob'))).toBe('trust.unknown-signer');
  });
});

describe('LOG-7: cores', () => {
  it('LOG-7: a new core has a higher epoch than all before it', async () => {
    const moved = await extend(two, second, core('new core', 5));
    expect(moved.core).toMatchObject({ epoch: 5, tlsSpki: sha256Hex(utf8('new core')) });
    for (const epoch of [1, 4, 5])
      expect(await refusalOf(moved, fleet.owner, core('third', epoch))).toBe('trust.stale-epoch');
    expect(await refusalOf(moved, fleet.owner, core('third', 6))).toBe('ok');
  });

  it('LOG-7: of concurrent ones the highest epoch lives', async () => {
    const both = await merge(await extend(two, fleet.owner, core('a', 2)), await extend(two, second, core('b', 3)));
    expect(both.core).toMatchObject({ epoch: 3 });
    expect(both.cores).toHaveLength(1);
  });

  it('LOG-7: two of one epoch stand against each other until an entry settles it', async () => {
    const both = await merge(await extend(two, fleet.owner, core('a', 2)), await extend(two, second, core('b', 2)));
    expect(both.core).toBeNull();
    expect(both.cores.map((one) => one.tlsSpki).sort()).toEqual(['a', 'b'].map((name) => sha256Hex(utf8(name))).sort());
    const settled = await extend(both, second, core('b', 3));
    expect(settled.core).toMatchObject({ epoch: 3 });
  });
});

describe('LOG-8: heads', () => {
  it('LOG-8: the head stands for the sorted heads', async () => {
    const both = await merge(await extend(two, fleet.owner, core('a', 2)), await extend(two, second, core('b', 3)));
    expect(both.heads).toHaveLength(2);
    expect(both.head).toBe(sha256Hex(utf8([...both.heads].sort().join('\n'))));
    const one = await extend(both, second, core('c', 4));
    expect(one.heads).toHaveLength(1);
    expect(one.head).toBe(sha256Hex(utf8(one.heads[0] ?? '')));
  });
});

describe('LOG-9: kinds of later versions', () => {
  it.each(['revoke-core', 'delegate', 'quorum', 'constructor', 'toString'])(
    'LOG-9: %s is refused by its name',
    async (kind) => {
      const applied = await applyTrustEntries(two, [await signOnTop(two, fleet.owner, { kind, anything: 1 })]);
      expect(applied).toMatchObject({
        ok: false,
        error: { code: 'trust.unknown-feature', detail: { feature: `trust/${kind}` } },
      });
    },
  );

  it('LOG-9: an unknown optional field of a known kind is kept', async () => {
    const entry = { kind: 'add-node', node: { ...nodeOf(cellar, 'cellar'), rack: 'left' } };
    const state = unwrap(await applyTrustEntries(two, [await signOnTop(two, fleet.owner, entry)])).state;
    expect(state.nodes.get(cellar.id)).toMatchObject({ rack: 'left' });
  });
});

describe('LOG-10: who may order', () => {
  it('LOG-10: owner devices may, others may not, and the refusal says who and what', async () => {
    const state = await addPerson(two, second, helper, 'operator');
    expect(decideDeviceMay(state, fleet.owner.id, 'deploy', { node: fleet.node.id })).toMatchObject({ ok: true });
    expect(decideDeviceMay(state, second.id, 'remove')).toMatchObject({ ok: true });
    const refused = decideDeviceMay(state, helper.id, 'ingress', { node: fleet.node.id });
    expect(refused).toMatchObject({ ok: false, error: { code: 'trust.not-allowed', kind: 'denied' } });
    expect(refused.ok ? '' : refused.error.message).toMatch(/"operator cli" may not ingress/);
    expect(codeOf(decideDeviceMay(state, fleet.node.id, 'deploy'))).toBe('trust.unknown-signer');
  });

  it('LOG-10: keys are looked up by sort, and a TLS key leads to its node', () => {
    expect(trustKeys(two)(fleet.node.id)).toBe(fleet.node.key.publicKey);
    expect(trustKeys(two, 'device')(fleet.node.id)).toBeUndefined();
    expect(trustKeys(two, 'node')(fleet.owner.id)).toBeUndefined();
    expect(trustKeys(two)('x')).toBeUndefined();
    expect(nodeOfTlsKey(two, nodeOf(fleet.node, 'attic').tlsSpki)?.nodeId).toBe(fleet.node.id);
    expect(nodeOfTlsKey(two, coreSpki)).toBeUndefined();
  });
});

it('SEC-3: an ownerCopy goes to every owner device and to recovery, and to nobody else', async () => {
  const state = await addPerson(two, second, helper, 'operator');
  const wanted = [fleet.owner, second, fleet.recovery].map((actor) => actor.sealing.recipient).sort();
  expect(ownerRecipients(state)).toEqual(wanted);
});

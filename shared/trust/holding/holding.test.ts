import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import {
  ASK_AGAIN_AFTER_MS,
  decideStatement,
  emptyCutoff,
  endsHoldForItself,
  isHolding,
  isReadingVerb,
  type OwnChain,
  openEnvelope,
  STATEMENT_LIFE_MS,
  signEnvelope,
  type TrustState,
} from '../index.ts';
import {
  type Actor,
  APP,
  addPerson,
  at,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  NOON,
  nodeOf,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

const NONCE = testId('nonce');
const hashOf = (seq: number): string => sha256Hex(utf8(`entry ${seq}`));
/** A chain of so many entries. */
const chainOf = (length: number): OwnChain => {
  const known = new Map(Array.from({ length }, (_, i) => [hashOf(i + 1), i + 1]));
  return { head: length === 0 ? null : { seq: length, hash: hashOf(length) }, seqOf: (hash) => known.get(hash) };
};

let fleet: TestFleet;
let witness: Actor;
let operator: Actor;
let viewer: Actor;
/** The fleet with another node and more people. */
let state: TrustState;

beforeAll(async () => {
  fleet = await createTestFleet();
  witness = await createActor('witness');
  operator = await createActor('operator');
  viewer = await createActor('viewer');
  state = await extend(fleet.state, fleet.owner, { kind: 'add-node', node: nodeOf(witness, 'cellar') });
  state = await addPerson(state, fleet.owner, operator, 'operator', 'browser');
  state = await addPerson(state, fleet.owner, viewer, 'viewer');
});

interface Wish {
  readonly by?: Actor;
  /** The log that the signer has. */
  readonly of?: TrustState;
  /** Entries of the node's chain that the signer has seen. */
  readonly seen?: number;
  readonly changes?: object;
}

async function statement({ by = fleet.owner, of = state, seen = 3, changes = {} }: Wish = {}) {
  const payload = {
    fleet: of.fleet,
    trustHead: of.head,
    node: fleet.node.id,
    nonce: NONCE,
    trustHeads: of.heads,
    nodeAuditHead: seen === 0 ? null : hashOf(seen),
    nodeAuditSeq: seen,
    time: at(),
    ...changes,
  };
  const envelope = await signEnvelope('statement', payload, by.key.signer);
  return unwrap(
    await openEnvelope(envelope, { kind: 'statement', fleet: payload.fleet, keys: () => by.key.publicKey }),
  );
}

const ask = (opened: Awaited<ReturnType<typeof statement>>, on: { state?: TrustState; length?: number } = {}) =>
  decideStatement({
    opened,
    node: fleet.node.id,
    nonce: NONCE,
    state: on.state ?? state,
    chain: chainOf(on.length ?? 3),
  });

/** What becomes of a node that got this statement. */
const verdict = (result: ReturnType<typeof ask>): string =>
  result.ok ? (result.value.ends ? 'ends' : result.value.fault.code) : result.error.code;

describe('HOLD-1: when a node holds', () => {
  it('HOLD-1: from its start, and when the last statement is over a day old or from the future', () => {
    expect(isHolding(null, NOON)).toBe(true);
    expect(isHolding(NOON, NOON)).toBe(false);
    expect(isHolding(NOON, NOON + STATEMENT_LIFE_MS)).toBe(false);
    expect(isHolding(NOON, NOON + STATEMENT_LIFE_MS + 1)).toBe(true);
    expect(isHolding(NOON, NOON - 10 * 60_000)).toBe(false);
    expect(isHolding(NOON, NOON - 10 * 60_000 - 1)).toBe(true);
    expect(ASK_AGAIN_AFTER_MS).toBeLessThan(STATEMENT_LIFE_MS);
  });
});

describe('HOLD-2: one question, one answer', () => {
  it('HOLD-2: a statement for another nonce, node or fleet says nothing', async () => {
    expect(verdict(ask(await statement()))).toBe('ends');
    expect(verdict(ask(await statement({ changes: { nonce: testId('old') } })))).toBe('hold.wrong-nonce');
    expect(verdict(ask(await statement({ changes: { node: witness.id } })))).toBe('hold.wrong-node');
    const other = await createTestFleet('other');
    expect(verdict(ask(await statement({ changes: { fleet: other.state.fleet } })))).toBe('hold.wrong-fleet');
  });
});

describe('HOLD-3: who vouches', () => {
  it('HOLD-3: owners, operators and other nodes; nobody else, and not the node itself', async () => {
    expect(verdict(ask(await statement({ by: operator })))).toBe('ends');
    expect(verdict(ask(await statement({ by: witness })))).toBe('ends');
    expect(verdict(ask(await statement({ by: viewer })))).toBe('hold.not-allowed');
    expect(verdict(ask(await statement({ by: fleet.node })))).toBe('hold.own-word');
    expect(verdict(ask(await statement({ by: await createActor('stranger') })))).toBe('trust.unknown-signer');
    expect(verdict(ask(await statement({ by: fleet.recovery })))).toBe('trust.unknown-signer');
  });

  it('HOLD-3: none of whom was revoked, and none for a node that was (A8-12)', async () => {
    const gone = await extend(state, fleet.owner, { kind: 'revoke-node', nodeId: witness.id });
    expect(verdict(ask(await statement({ by: witness, of: gone }), { state: gone }))).toBe('node.revoked');
    const out = await extend(state, fleet.owner, { kind: 'revoke-device', deviceId: operator.id, cutoff: emptyCutoff });
    expect(verdict(ask(await statement({ by: operator, of: out }), { state: out }))).toBe('trust.revoked');
    const self = await extend(state, fleet.owner, { kind: 'revoke-node', nodeId: fleet.node.id });
    expect(verdict(ask(await statement({ of: self }), { state: self }))).toBe('node.revoked');
  });

  it('HOLD-3: automation vouches for nobody, whatever it is granted', async () => {
    const robot = await createActor('robot');
    let log = await addPerson(state, fleet.owner, robot, 'owner', 'automation');
    log = await extend(log, fleet.owner, {
      kind: 'grant',
      grantId: testId('grant'),
      to: { deviceId: robot.id },
      role: 'operator',
    });
    expect(verdict(ask(await statement({ by: robot, of: log }), { state: log }))).toBe('hold.not-allowed');
  });
});

describe('HOLD-4: the trust log', () => {
  it('HOLD-4: a node that lacks an entry holds on until it has it (A8-44)', async () => {
    const newer = await extend(state, fleet.owner, { kind: 'revoke-device', deviceId: viewer.id, cutoff: emptyCutoff });
    const opened = await statement({ of: newer });
    expect(verdict(ask(opened))).toBe('hold.behind-trust');
    expect(verdict(ask(opened, { state: newer }))).toBe('ends');
  });

  it('HOLD-4: a signer who lacks an entry of the node is refused', async () => {
    expect(verdict(ask(await statement({ of: fleet.state })))).toBe('hold.signer-behind');
  });

  it('HOLD-4: heads that do not make up the trust head are refused', async () => {
    const changes = { trustHeads: fleet.state.heads };
    expect(verdict(ask(await statement({ changes })))).toBe('hold.bad-heads');
  });
});

describe('HOLD-5: the chain of the node', () => {
  it('HOLD-5: any head that stands in it ends the hold', async () => {
    for (const seen of [1, 2, 3]) expect(verdict(ask(await statement({ seen })))).toBe('ends');
    expect(verdict(ask(await statement({ seen: 0 }), { length: 0 }))).toBe('ends');
  });

  it('HOLD-5: a node that was put back to an older copy holds on (A8-44)', async () => {
    const opened = await statement({ seen: 9 });
    expect(verdict(ask(opened))).toBe('hold.behind-chain');
    expect(verdict(ask(opened, { length: 9 }))).toBe('ends');
    expect(verdict(ask(await statement({ seen: 3, changes: { nodeAuditHead: hashOf(77) } })))).toBe(
      'hold.behind-chain',
    );
    expect(verdict(ask(await statement({ seen: 3, changes: { nodeAuditSeq: 2 } })))).toBe('hold.behind-chain');
  });

  it('HOLD-5: who has seen nothing of a chain that has entries says nothing', async () => {
    expect(verdict(ask(await statement({ seen: 0 })))).toBe('hold.signer-unaware');
  });

  it('HOLD-5: a head without a number can not be signed', async () => {
    await expect(statement({ seen: 0, changes: { nodeAuditSeq: 1 } })).rejects.toThrow(/nodeAuditSeq/);
  });
});

describe('HOLD-6: going on without what is gone', () => {
  const goOn = (by: Actor, hash: string, of = state) => statement({ by, of, seen: 9, changes: { goOn: hash } });

  it('HOLD-6: an owner lets the node go on, from the head that he looked at', async () => {
    expect(unwrap(ask(await goOn(fleet.owner, hashOf(3))))).toEqual({ ends: true, goOn: true });
    expect(verdict(ask(await goOn(fleet.owner, hashOf(2))))).toBe('hold.moved-on');
  });

  it('HOLD-6: nobody else does', async () => {
    expect(verdict(ask(await goOn(operator, hashOf(3))))).toBe('hold.not-allowed');
    expect(verdict(ask(await goOn(witness, hashOf(3))))).toBe('hold.not-allowed');
  });

  it('HOLD-6: never without an entry of the trust log', async () => {
    const newer = await extend(state, fleet.owner, { kind: 'revoke-device', deviceId: viewer.id, cutoff: emptyCutoff });
    expect(verdict(ask(await goOn(fleet.owner, hashOf(3), newer)))).toBe('hold.behind-trust');
  });
});

describe('HOLD-7: a release that ends the hold for itself', () => {
  const release = async (changes: object) => {
    const payload = {
      fleet: state.fleet,
      trustHead: state.head,
      nodeAuditHead: hashOf(2),
      appId: APP,
      node: fleet.node.id,
      number: 1,
      previous: null,
      body: hashOf(1),
      changeSet: testId('change'),
      issuedAt: at(),
      acceptBy: at(1),
      after: [],
      ...changes,
    };
    const envelope = await signEnvelope('release', payload, fleet.owner.key.signer);
    const keys = () => fleet.owner.key.publicKey;
    return unwrap(await openEnvelope(envelope, { kind: 'release', fleet: state.fleet, keys }));
  };
  const ends = async (changes: object, lastTakenSeq: number) =>
    endsHoldForItself({ header: await release(changes), chain: chainOf(3), lastTakenSeq, state });

  it('HOLD-7: its signer knew the chain since the node last took something, and the log that the node has', async () => {
    expect(await ends({}, 0)).toBe(true);
    expect(await ends({}, 2)).toBe(true);
    expect(await ends({}, 3)).toBe(false);
    expect(await ends({ trustHead: fleet.state.head }, 0)).toBe(false);
    expect(await ends({ nodeAuditHead: hashOf(9) }, 0)).toBe(false);
    expect(await ends({ nodeAuditHead: null }, 0)).toBe(false);
  });
});

describe('HOLD-8: reads', () => {
  it('HOLD-8: what reads is answered, what changes something waits', () => {
    for (const verb of ['logs', 'agent-logs', 'volumes', 'probe', 'dns-test'] as const)
      expect(isReadingVerb(verb)).toBe(true);
    expect(isReadingVerb('restart')).toBe(false);
  });
});

it('HOLD-2: a refusal is of kind denied and says what to do', async () => {
  const refused = ask(await statement({ changes: { nonce: testId('old') } }));
  expect(codeOf(refused)).toBe('hold.wrong-nonce');
  expect(refused).toMatchObject({ error: { kind: 'denied', next: expect.stringMatching(/\w/) } });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { applyTrustEntries, createTrustState, emptyCutoff, signTrustEntry, type TrustEntry } from '../index.ts';
import {
  type Actor,
  addPerson,
  at,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  genesisEntry,
  merge,
  nodeOf,
  refusalOf,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

let fleet: TestFleet;
let guest: Actor;

beforeAll(async () => {
  fleet = await createTestFleet('rules');
  guest = await createActor('rules guest');
});

const person = (name: string, personId = testId('bob')): TrustEntry => ({
  kind: 'add-person',
  personId,
  name,
  role: 'viewer',
});
const revokePerson = (personId: string): TrustEntry => ({ kind: 'revoke-person', personId, cutoff: emptyCutoff });
const revokeNode = (nodeId: string): TrustEntry => ({ kind: 'revoke-node', nodeId });

describe('LOG-5: what an entry must satisfy where it stands', () => {
  it('LOG-5: a genesis names sound keys, those of the recovery too, and not one key twice', async () => {
    const begin = async (bend: (entry: Extract<TrustEntry, { kind: 'genesis' }>) => TrustEntry) => {
      const entry = genesisEntry(fleet.owner, fleet.recovery) as Extract<TrustEntry, { kind: 'genesis' }>;
      const about = { at: at(), auditHead: null };
      const signed = await signTrustEntry(createTrustState(), bend(entry), fleet.owner.key.signer, about);
      const applied = await applyTrustEntries(createTrustState(), [signed]);
      return applied.ok ? undefined : codeOf(applied);
    };
    expect(await begin((entry) => entry)).toBeUndefined();
    const known = guest.sealing.recipient;
    const ageRecipient = `${known.slice(0, -1)}${known.endsWith('q') ? 'p' : 'q'}`;
    const device = { ageRecipient, deviceId: guest.id };
    for (const [field, code] of [
      ['ageRecipient', 'trust.bad-recipient'],
      ['deviceId', 'trust.unknown-signer'],
    ] as const)
      expect(await begin((entry) => ({ ...entry, device: { ...entry.device, [field]: device[field] } }))).toBe(code);
    expect(await begin((entry) => ({ ...entry, recovery: { ...entry.recovery, ageRecipient } }))).toBe(
      'trust.bad-recipient',
    );
    const { signKey } = (genesisEntry(fleet.owner, fleet.recovery) as { device: { signKey: string } }).device;
    expect(await begin((entry) => ({ ...entry, recovery: { ...entry.recovery, signKey } }))).toBe(
      'trust.duplicate-key',
    );
  });

  it('LOG-5: who was revoked is not added again under the same id, and may be revoked again', async () => {
    const bob = await extend(fleet.state, fleet.owner, person('Bob'));
    expect(await refusalOf(bob, fleet.owner, person('Bob'))).toBe('trust.duplicate-id');
    const gone = await extend(bob, fleet.owner, revokePerson(testId('bob')));
    expect(await refusalOf(gone, fleet.owner, person('Bob'))).toBe('trust.duplicate-id');
    expect(await refusalOf(gone, fleet.owner, revokePerson(testId('bob')))).toBe('ok');
    expect(await refusalOf(gone, fleet.owner, revokePerson(testId('nobody')))).toBe('trust.unknown-person');
  });

  it('LOG-6: what two entries say differently can be revoked, and nothing else that is not there', async () => {
    const node = (name: string): TrustEntry => ({ kind: 'add-node', node: nodeOf(guest, name) });
    const persons = await merge(
      await extend(fleet.state, fleet.owner, person('Bob')),
      await extend(fleet.state, fleet.owner, person('Rob')),
    );
    expect(persons.persons.has(testId('bob'))).toBe(false);
    expect(await refusalOf(persons, fleet.owner, revokePerson(testId('bob')))).toBe('ok');
    expect(await refusalOf(persons, fleet.owner, revokePerson(testId('nobody')))).toBe('trust.unknown-person');
    expect(await refusalOf(persons, fleet.owner, revokeNode(testId('bob')))).toBe('trust.unknown-id');
    const nodes = await merge(
      await extend(fleet.state, fleet.owner, node('cellar')),
      await extend(fleet.state, fleet.owner, node('shed')),
    );
    expect(nodes.nodes.has(guest.id)).toBe(false);
    expect(await refusalOf(nodes, fleet.owner, revokeNode(guest.id))).toBe('ok');
    expect(await refusalOf(nodes, fleet.owner, revokePerson(guest.id))).toBe('trust.unknown-person');
  });

  it('LOG-24: a threshold counts the devices of owners, not of others', async () => {
    const state = await addPerson(fleet.state, fleet.owner, guest, 'operator');
    expect(await refusalOf(state, fleet.owner, { kind: 'threshold', owners: 2 })).toBe('trust.too-few-owners');
  });
});

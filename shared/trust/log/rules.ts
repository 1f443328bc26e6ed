import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { isAgeRecipient } from '../keys/age-recipient.ts';
import { keyIdOf, soundPublicKey } from '../keys/key-id.ts';
import type { EntryKind, TrustEntry } from './entries.ts';
import type { TrustView } from './view.ts';

type EntryOf<K extends EntryKind> = Extract<TrustEntry, { kind: K }>;

/** LOG-5: what each kind must satisfy at its place in the graph. `view` is what its ancestors add up to. */
const rules: { readonly [K in EntryKind]: (entry: EntryOf<K>, view: TrustView) => Result<void> } = {
  genesis: (entry) => {
    const device = soundKeys('entry.device', entry.device.deviceId, entry.device);
    if (!device.ok) return device;
    const recovery = soundKeys('entry.recovery', keyIdOf(entry.recovery.signKey), entry.recovery);
    if (!recovery.ok) return recovery;
    return entry.recovery.signKey === entry.device.signKey
      ? err(duplicateKey('entry.recovery.signKey', 'the device'))
      : ok();
  },
  'add-person': (entry, view) =>
    view.persons.has(entry.personId) ? err(duplicateId('personId', entry.personId)) : ok(),
  'add-device': (entry, view) => {
    if (!view.persons.has(entry.personId))
      return err(
        fault(
          'trust.unknown-person',
          'denied',
          `personId ${entry.personId} is nobody of this fleet`,
          'add the person first',
          { field: 'personId' },
        ),
      );
    return newKeys('entry.device', entry.device.deviceId, entry.device, view);
  },
  'add-node': (entry, view) => {
    const taken = [...view.nodes.values(), ...view.cores].some((other) => other.tlsSpki === entry.node.tlsSpki);
    return taken
      ? err(duplicateKey('entry.node.tlsSpki', 'another node or the core'))
      : newKeys('entry.node', entry.node.nodeId, entry.node, view);
  },
  core: (entry, view) => {
    if (entry.epoch <= view.highestEpoch)
      return err(
        fault(
          'trust.stale-epoch',
          'denied',
          `epoch is ${entry.epoch}, the log already has epoch ${view.highestEpoch}`,
          `use epoch ${view.highestEpoch + 1}`,
          { field: 'entry.epoch' },
        ),
      );
    return [...view.nodes.values()].some((node) => node.tlsSpki === entry.tlsSpki)
      ? err(duplicateKey('entry.tlsSpki', 'a node'))
      : ok();
  },
};

/** Applies the rule of the entry's kind. */
export function checkEntry(entry: TrustEntry, view: TrustView): Result<void> {
  // The table is indexed by the entry's own kind, which TypeScript can not follow through a union.
  return (rules[entry.kind] as (entry: TrustEntry, view: TrustView) => Result<void>)(entry, view);
}

interface PublicKeys {
  readonly signKey: string;
  readonly ageRecipient: string;
}

function soundKeys(field: string, id: string, keys: PublicKeys): Result<void> {
  if (keyIdOf(keys.signKey) !== id || !soundPublicKey(keys.signKey)) return err(badKey(`${field}.signKey`));
  if (isAgeRecipient(keys.ageRecipient)) return ok();
  return err(
    fault(
      'trust.bad-recipient',
      'denied',
      `${field}.ageRecipient is no age recipient: its checksum or length is wrong`,
      'copy it again from the machine that made it',
      { field: `${field}.ageRecipient` },
    ),
  );
}

function newKeys(field: string, id: string, keys: PublicKeys, view: TrustView): Result<void> {
  const sound = soundKeys(field, id, keys);
  if (!sound.ok) return sound;
  if (view.recovery?.signKey === keys.signKey) return err(duplicateKey(`${field}.signKey`, 'recovery'));
  return view.devices.has(id) || view.nodes.has(id) ? err(duplicateId(field, id)) : ok();
}

function badKey(field: string): Fault {
  return fault(
    'trust.bad-key',
    'denied',
    `${field} is not the key that its id is made from, or is one that proves nothing`,
    'make a new key and enrol with that',
    { field },
  );
}
function duplicateKey(field: string, owner: string): Fault {
  return fault('trust.duplicate-key', 'denied', `${field} is already the key of ${owner}`, 'make a new key', { field });
}
function duplicateId(field: string, id: string): Fault {
  return fault(
    'trust.duplicate-id',
    'denied',
    `${field}: ${id} already stands in the trust log`,
    'nothing is to be done if it is the same one; else make a new id',
    { field, detail: { id } },
  );
}

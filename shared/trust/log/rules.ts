import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { isAgeRecipient } from '../keys/age-recipient.ts';
import { keyIdOf, soundPublicKey } from '../keys/key-id.ts';
import type { EntryKind, TrustEntry } from './entries.ts';
import { CLEAR_LOGS, isOwnerDevice } from './permissions.ts';
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
    view.persons.has(entry.personId) || view.revokedPersons.has(entry.personId)
      ? err(duplicateId('personId', entry.personId))
      : ok(),
  'add-device': (entry, view) => {
    if (!view.persons.has(entry.personId)) return err(unknownPerson(entry.personId));
    return newKeys('entry.device', entry.device.deviceId, entry.device, view);
  },
  'add-node': (entry, view) => {
    const taken = [...view.nodes.values(), ...view.revokedNodes.values(), ...view.cores].some(
      (other) => other.tlsSpki === entry.node.tlsSpki,
    );
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
    return [...view.nodes.values(), ...view.revokedNodes.values()].some((node) => node.tlsSpki === entry.tlsSpki)
      ? err(duplicateKey('entry.tlsSpki', 'a node'))
      : ok();
  },
  // What is revoked already may be revoked again: that is how a cut-off is corrected.
  'revoke-device': (entry, view) =>
    view.devices.has(entry.deviceId) ||
    view.revokedDevices.has(entry.deviceId) ||
    isClash(view, 'device', entry.deviceId)
      ? ok()
      : err(unknownId('deviceId', entry.deviceId, 'device')),
  'revoke-person': (entry, view) =>
    view.persons.has(entry.personId) ||
    view.revokedPersons.has(entry.personId) ||
    isClash(view, 'person', entry.personId)
      ? ok()
      : err(unknownPerson(entry.personId)),
  'revoke-node': (entry, view) =>
    view.nodes.has(entry.nodeId) || isClash(view, 'node', entry.nodeId)
      ? ok()
      : err(unknownId('nodeId', entry.nodeId, 'node')),
  grant: (entry, view) => {
    if ('tokenId' in entry.to) return checkTokenGrant(entry);
    if ('personId' in entry.to) {
      const personId = String(entry.to.personId);
      return view.persons.has(personId) ? ok() : err(unknownPerson(personId));
    }
    const deviceId = String(entry.to.deviceId);
    return view.devices.has(deviceId) ? ok() : err(unknownId('to.deviceId', deviceId, 'device'));
  },
  recovery: (entry, view) => newKeys('entry', keyIdOf(entry.signKey), entry, view),
  threshold: (entry, view) => {
    const owners = [...view.devices.keys()].filter((deviceId) => isOwnerDevice(view, deviceId)).length;
    return entry.owners <= owners ? ok() : err(tooFewOwners(entry.owners, owners));
  },
  rename: (entry, view) => {
    const named = { person: view.persons, device: view.devices, node: view.nodes }[entry.what];
    return named.has(entry.id) ? ok() : err(unknownId('id', entry.id, entry.what));
  },
};

/** LOG-26: a token gets the logs of named apps and nothing else; the log does not know tokens, so any id will do. */
function checkTokenGrant(entry: EntryOf<'grant'>): Result<void> {
  const isClearLogs = entry.verbs?.length === 1 && entry.verbs[0] === CLEAR_LOGS && entry.content === undefined;
  if (entry.role === null || (entry.role === 'viewer' && isClearLogs && entry.apps)) return ok();
  return err(
    fault(
      'trust.bad-grant',
      'denied',
      'an API token is granted the clear-text logs of named apps, and nothing else',
      'name the apps; what else a token may, it is made for with `overseer tokens add`',
      { field: 'to.tokenId' },
    ),
  );
}

/** LOG-6: what two entries say differently counts nothing, and can still be revoked. */
function isClash(view: TrustView, what: string, id: string): boolean {
  return view.clashes.some((clash) => clash.what === what && clash.id === id);
}

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
  if (view.recoveryKeys.has(id)) return err(duplicateKey(`${field}.signKey`, 'recovery'));
  if (view.revokedDevices.has(id) || view.revokedNodes.has(id)) return err(revokedKey(field, id));
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
function unknownPerson(personId: string): Fault {
  return fault(
    'trust.unknown-person',
    'denied',
    `personId ${personId} is nobody of this fleet`,
    'add the person first',
    { field: 'personId' },
  );
}
function unknownId(field: string, id: string, what: string): Fault {
  return fault(
    'trust.unknown-id',
    'denied',
    `${field}: ${id} is no ${what} of this fleet`,
    'bring the trust log up to date, then choose again',
    { field, detail: { id } },
  );
}
function tooFewOwners(wanted: number, owners: number): Fault {
  return fault(
    'trust.too-few-owners',
    'denied',
    `${wanted} owners' devices are asked for, the fleet has ${owners}`,
    'let further desktops or CLIs of owners in first',
    { field: 'owners' },
  );
}
/** LOG-16: a key that was revoked never counts again. */
function revokedKey(field: string, id: string): Fault {
  return fault('trust.revoked', 'denied', `${field}: the key ${id} was revoked`, 'make a new key and enrol with that', {
    field,
    detail: { id },
  });
}

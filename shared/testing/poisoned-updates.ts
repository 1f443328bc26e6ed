import * as Y from 'yjs';

/**
 * Yjs updates that were seen to hurt whoever merges them, by their row in the list of attacks (A7): each is written as
 * client `clientId`, the one that a row of its sender is bound to.
 */
export interface PoisonedUpdate {
  readonly name: string;
  readonly update: Uint8Array;
}

/** What a device of the fleet may try; `author` is its own id, for what reaches the look at entries. */
export function poisonedUpdates(clientId: number, author: string): PoisonedUpdate[] {
  const entry = { field: 'name', value: 'x', author, at: '2026-01-01T00:00:00.000Z', supersedes: [] };
  const written = (change: (doc: Y.Doc) => void, writer = clientId): Uint8Array => {
    const doc = new Y.Doc();
    doc.clientID = writer;
    change(doc);
    return Y.encodeStateAsUpdate(doc);
  };
  const smuggled = (own: object, inherited: object): Uint8Array => {
    const value = JSON.parse(`{${JSON.stringify(own).slice(1, -1)},"__proto__":${JSON.stringify(inherited)}}`);
    return written((doc) => doc.getMap('entries').set(ENTRY_ID, value));
  };
  const { author: _author, ...anonymous } = entry;
  return [
    {
      name: 'A7-1: an entry under the key __proto__',
      update: written((doc) => doc.getMap('entries').set('__proto__', entry)),
    },
    { name: 'A7-1: an entry whose author is inherited', update: smuggled(anonymous, { author }) },
    { name: 'A7-1: a value with another prototype', update: smuggled(entry, { polluted: true }) },
    {
      name: 'A7-1: a prototype inside of a value',
      update: written((doc) =>
        doc.getMap('entries').set(ENTRY_ID, { ...entry, value: JSON.parse('{"a":{"__proto__":{"polluted":true}}}') }),
      ),
    },
    { name: 'A7-2: twenty thousand maps inside each other', update: nestedMaps(clientId, 20_000) },
    { name: 'A7-3: a value of two hundred thousand lists', update: nestedLists(clientId, 200_000) },
    { name: 'A7-3: a value as deep as the decoder just bears', update: nestedLists(clientId, 2_000) },
    { name: 'A7-4: an update whose predecessor is missing', update: gapped(clientId, 1) },
    {
      name: 'A7-5: a struct that takes every number its client has',
      update: Uint8Array.from([1, 1, ...varUint(clientId), 0, 0, 0xff, 0xff, 0xff, 0xff, 7, 0]),
    },
    {
      name: 'A7-6: what another client is to have written',
      update: written((doc) => doc.getMap('entries').set(ENTRY_ID, entry), clientId ^ 1),
    },
    {
      name: 'A7-6: an entry in the name of another',
      update: written((doc) => doc.getMap('entries').set(ENTRY_ID, { ...entry, author: 'c'.repeat(26) })),
    },
    { name: 'A7-7: the entries as a list', update: written((doc) => doc.getArray('entries').push([entry])) },
    { name: 'A7-7: a root that is none of ours', update: written((doc) => doc.getMap('others').set(ENTRY_ID, entry)) },
    { name: 'A7-8: two thousand million structs follow', update: Uint8Array.from([1, 0xff, 0xff, 0xff, 0xff, 7]) },
    { name: 'A7-8: nothing', update: new Uint8Array(0) },
    {
      name: 'A7-9: more than a row may hold',
      update: written((doc) => doc.getMap('entries').set(ENTRY_ID, { ...entry, value: 'x'.repeat(600 * 1_024) })),
    },
  ];
}

const ENTRY_ID = 'b'.repeat(26);

/** The n-th update of a stream whose first one never comes. */
export function gapped(clientId: number, clock: number): Uint8Array {
  return anyEntry(clientId, clock, [119, 1, 0x78]);
}

/** Yjs itself overflows its stack when it writes these: by hand, as bytes. */
function nestedLists(clientId: number, depth: number): Uint8Array {
  return anyEntry(clientId, 0, [...Array.from({ length: depth }, () => [117, 1]).flat(), 126]);
}

function anyEntry(clientId: number, clock: number, value: readonly number[]): Uint8Array {
  // One client with one struct: any content, under a key of a root map.
  const head = [1, 1, ...varUint(clientId), ...varUint(clock), 8 | 32, 1, ...text('entries'), ...text(ENTRY_ID)];
  return Uint8Array.from([...head, 1, ...value, 0]);
}

function nestedMaps(clientId: number, depth: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.transact(() => {
    let map = doc.getMap('entries') as Y.Map<unknown>;
    for (let level = 0; level < depth; level++) {
      const inner = new Y.Map<unknown>();
      map.set(level === 0 ? ENTRY_ID : 'a', inner);
      map = inner;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

function varUint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 | (rest % 128));
  return [...bytes, rest];
}

const text = (value: string): number[] => [...varUint(value.length), ...new TextEncoder().encode(value)];

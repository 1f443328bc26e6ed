import { beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { randomId, toBase64, utf8 } from '#shared/kernel/index.ts';
import { createSeededRandom } from '#shared/testing/deterministic.ts';
import { createFleetOfDevices, type FleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { generateSigningKey, itemHash, type SigningKey } from '#shared/trust/index.ts';
import { clientIdOf, signRow } from './row.ts';
import { createRowLog } from './row-log.ts';

const DOC = 'fleet';
const random = createSeededRandom(9);
let fleet: FleetOfDevices;
let owner: SigningKey;
let other: SigningKey;

beforeAll(async () => {
  fleet = await createFleetOfDevices(2);
  [owner, other] = fleet.devices as [SigningKey, SigningKey];
});

function entryUpdate(clientId: number, author: string, value: string, clock = 0): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  for (let filler = 0; filler < clock; filler++) doc.getMap('entries').set(randomId(random), 1);
  const before = Y.encodeStateVector(doc);
  doc
    .getMap('entries')
    .set(randomId(random), { field: 'name', value, author, at: '2026-01-01T00:00:00.000Z', supersedes: [] });
  return Y.encodeStateAsUpdate(doc, before);
}

async function rowOf(
  key: SigningKey,
  writer: string,
  options: { seq?: number; prevHash?: string | null; update?: Uint8Array } = {},
) {
  const update = options.update ?? entryUpdate(clientIdOf(writer, DOC), key.signer.keyId, 'x', (options.seq ?? 1) - 1);
  const about = { fleet: fleet.trust.fleet, trustHead: fleet.trust.head, auditHead: null, doc: DOC, writer };
  return signRow({ ...about, seq: options.seq ?? 1, prevHash: options.prevHash ?? null, update }, key.signer);
}

async function codeOf(
  log: ReturnType<typeof createRowLog>,
  envelope: Awaited<ReturnType<typeof rowOf>>,
): Promise<string> {
  const taken = await log.accept(envelope, fleet.trust);
  return taken.ok ? taken.value.outcome : taken.error.code;
}

describe('P1: a row counts only when its author signed it in this place', () => {
  it('takes a row once; the same bytes again change nothing', async () => {
    const log = createRowLog();
    const row = await rowOf(owner, randomId(random));
    expect(await codeOf(log, row)).toBe('new');
    expect(await codeOf(log, row)).toBe('known');
  });

  it('A8-39: refuses a row of a key that stands in no log', async () => {
    expect(await codeOf(createRowLog(), await rowOf(await generateSigningKey(), randomId(random)))).toMatch(/^trust\./);
  });

  it('A8-39: refuses a row whose bytes were changed on the way', async () => {
    const row = await rowOf(owner, randomId(random));
    const text = atob(row.payload).replace('"seq":1', '"seq":2');
    expect(await codeOf(createRowLog(), { ...row, payload: toBase64(utf8(text)) })).toMatch(/^trust\./);
  });

  it('A8-39: refuses a dropped, a re-ordered and a re-chained row', async () => {
    const log = createRowLog();
    const writer = randomId(random);
    const first = await rowOf(owner, writer);
    const second = await rowOf(owner, writer, { seq: 2, prevHash: itemHash(first) });
    expect(await codeOf(log, second)).toBe('row.gap');
    expect(await codeOf(log, first)).toBe('new');
    expect(await codeOf(log, await rowOf(owner, writer, { seq: 2, prevHash: 'f'.repeat(64) }))).toBe(
      'row.broken-chain',
    );
    expect(await codeOf(log, second)).toBe('new');
  });

  it('A7-6: two different rows of one writer and number are proof of a bad device', async () => {
    const log = createRowLog();
    const writer = randomId(random);
    await log.accept(await rowOf(owner, writer), fleet.trust);
    expect(await codeOf(log, await rowOf(owner, writer))).toBe('row.equivocation');
  });

  it('A7-5: nobody writes under another’s writer or client id', async () => {
    const log = createRowLog();
    const writer = randomId(random);
    await log.accept(await rowOf(owner, writer), fleet.trust);
    expect(await codeOf(log, await rowOf(other, writer, { seq: 2 }))).toBe('row.foreign-author');
    const foreign = entryUpdate(clientIdOf(writer, DOC), other.signer.keyId, 'x', 1);
    expect(await codeOf(log, await rowOf(other, randomId(random), { update: foreign }))).toBe('row.foreign-client');
  });

  it('refuses an entry that claims another author, and leaves the document as it was', async () => {
    const log = createRowLog();
    await log.accept(await rowOf(owner, randomId(random)), fleet.trust);
    const before = log.snapshot(DOC);
    const writer = randomId(random);
    const update = entryUpdate(clientIdOf(writer, DOC), owner.signer.keyId, 'forged');
    expect(await codeOf(log, await rowOf(other, writer, { update }))).toBe('row.malformed');
    expect(log.snapshot(DOC)).toEqual(before);
  });

  it('P2: refuses an entry removed without a successor: delete never beats edit', async () => {
    const log = createRowLog();
    const first = await rowOf(owner, randomId(random));
    await log.accept(first, fleet.trust);
    const doc = new Y.Doc();
    const update = JSON.parse(atob(first.payload)) as { update: string };
    Y.applyUpdate(
      doc,
      Uint8Array.from(atob(update.update.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0)),
    );
    const before = Y.encodeStateVector(doc);
    const writer = randomId(random);
    doc.clientID = clientIdOf(writer, DOC);
    for (const key of doc.getMap('entries').keys()) doc.getMap('entries').delete(key);
    expect(await codeOf(log, await rowOf(other, writer, { update: Y.encodeStateAsUpdate(doc, before) }))).toBe(
      'row.malformed',
    );
    expect(log.snapshot(DOC)?.fields.name).toBe('x');
  });
});

import { expect, test } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import { applyTrustEntries, type Envelope, emptyCutoff, signTrustEntry } from '#shared/trust/index.ts';
import { at, createActor, createTestFleet, deviceOf, extend, testId } from '#shared/trust/testing/test-fleet.ts';
import { splitCutoff } from './read-cutoff.ts';
import { revocationEntries } from './revoke.ts';

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    doc: `app:${testId(`doc ${i}`)}`,
    writer: testId(`writer ${i}`),
    seq: 1_000_000 + i,
    hash: sha256Hex(utf8(`row ${i}`)),
  }));
const releasesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    appId: testId(`app ${i}`),
    node: testId('node'),
    number: 1_000_000 + i,
    header: sha256Hex(utf8(`header ${i}`)),
  }));

test('LOG-19: a device that wrote as thousands of writers is revoked all the same, in one batch the core takes', async () => {
  const fleet = await createTestFleet('cutoff');
  const thief = await createActor('cutoff thief');
  const device = deviceOf(thief, 'thief');
  let log = await extend(fleet.state, fleet.owner, { kind: 'add-device', device, personId: testId('ann') });
  const rows = rowsOf(11_500);
  const cutoffs = splitCutoff({ ...emptyCutoff, rows, releases: releasesOf(8_000) });
  expect(cutoffs[0]?.rows[0]).toEqual(rows[0]);
  const next = revocationEntries({ deviceId: thief.id }, cutoffs);
  const made: Envelope[] = [];
  for (let entry = next(log, made); entry !== undefined; entry = next(log, made)) {
    const signed = await signTrustEntry(log, entry, fleet.owner.key.signer, { at: at(), auditHead: null });
    log = unwrap(await applyTrustEntries(log, [signed])).state;
    made.push(signed);
  }
  expect(JSON.stringify({ entries: made }).length).toBeLessThan(4 * 1024 * 1024);
  // Every part of it counts.
  expect(log.revokedDevices.get(thief.id)?.cutoffs).toHaveLength(made.length);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { createTestFleet, type TestFleet } from '../testing/test-fleet.ts';
import { createTrustHolder } from './trust-holder.ts';

const newKey = 'c'.repeat(64);
let dataDir: string;
let store: NodeStore;
let fleet: TestFleet;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-trust-'));
  store = openNodeStore(dataDir);
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  store.trust.add(fleet.state.entries);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const addresses = [{ host: 'core.lan', httpPort: 7443, linkPort: 7444 }];

describe('the trust log of a node', () => {
  it('P5: keeps what it verified, and verifies it again when it starts', async () => {
    const holder = unwrap(await createTrustHolder(fleet.fleet, store.trust));
    const entry = await fleet.addEntry({
      kind: 'add-person',
      personId: randomId(systemRandom),
      name: 'Kim',
      role: 'viewer',
    });
    expect((await holder.receive([entry])).ok).toBe(true);
    const again = unwrap(await createTrustHolder(fleet.fleet, store.trust));
    expect(again.state.head).toBe(holder.state.head);
    expect(again.state.persons.size).toBe(2);
  });

  it('P1: does not start with a stored log of another fleet', async () => {
    expect((await createTrustHolder('d'.repeat(64), store.trust)).ok).toBe(false);
  });

  it('P1: takes from an unknown core only a log that names its key at a higher epoch', async () => {
    const holder = unwrap(await createTrustHolder(fleet.fleet, store.trust));
    expect(await holder.receiveFromStranger(fleet.state.entries, newKey)).toMatchObject({
      ok: false,
      error: { code: 'link.unknown-core' },
    });
    const person = await fleet.addEntry({
      kind: 'add-person',
      personId: randomId(systemRandom),
      name: 'Kim',
      role: 'viewer',
    });
    expect((await holder.receiveFromStranger([person], newKey)).ok).toBe(false);
    expect(holder.state.persons.size).toBe(1);
    const core = await fleet.addEntry({ kind: 'core', tlsSpki: newKey, addresses, epoch: 2 });
    expect((await holder.receiveFromStranger([person, core], newKey)).ok).toBe(true);
    expect(holder.state.core).toMatchObject({ tlsSpki: newKey, epoch: 2 });
  });

  it('does not lose one of two batches that arrive at once', async () => {
    const holder = unwrap(await createTrustHolder(fleet.fleet, store.trust));
    const entries = [];
    for (const name of ['Kim', 'Lee']) {
      entries.push(
        await fleet.addEntry({ kind: 'add-person', personId: randomId(systemRandom), name, role: 'viewer' }),
      );
    }
    await Promise.all(entries.map((entry) => holder.receive([entry])));
    expect(holder.state.persons.size).toBe(3);
  });
});

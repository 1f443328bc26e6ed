import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/kernel/index.ts';
import { openNodeStore } from '../store/node-store.ts';
import { type CoreDouble, startCoreDouble } from '../testing/core-double.ts';
import { createTestFleet } from '../testing/test-fleet.ts';
import { readPendingEnrolment } from './enrolment-file.ts';
import { loadOrCreateIdentity } from './identity.ts';
import { type JoinOptions, joinFleet } from './join.ts';

let core: CoreDouble;
let dataDir: string;
beforeEach(async () => {
  core = await startCoreDouble();
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-join-'));
});
afterEach(async () => {
  await core.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function tryJoin(tokenText: string, change: Partial<JoinOptions> = {}) {
  const store = openNodeStore(dataDir);
  try {
    const identity = await loadOrCreateIdentity(dataDir);
    const result = await joinFleet({
      tokenText,
      name: 'attic',
      dataDir,
      identity,
      store,
      clock: systemClock,
      facts: { os: 'test' },
      tell: () => {},
      signal: new AbortController().signal,
      pause: async () => {},
      ...change,
    });
    return { result, fleet: store.setting('fleet'), entries: store.trust.entries(), identity };
  } finally {
    store.close();
  }
}

describe('joining a fleet', () => {
  it('sends its keys, verifies the log and stores it; the keys are for root alone', async () => {
    const { result, fleet, entries, identity } = await tryJoin(core.token());
    expect(result).toMatchObject({ ok: true, value: { name: 'attic', fleetName: 'test fleet', already: false } });
    expect(fleet).toBe(core.fleet.fleet);
    expect(entries).toHaveLength(2);
    expect(JSON.parse(core.posts[0]?.request ?? '').node.nodeId).toBe(identity.nodeId);
    expect(statSync(join(dataDir, 'identity.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'node.db')).mode & 0o777).toBe(0o600);
    expect(readPendingEnrolment(dataDir)).toBeUndefined();
  });

  it('is done at once when it joined before, and refuses another fleet', async () => {
    const token = core.token();
    await tryJoin(token);
    expect((await tryJoin(token)).result).toMatchObject({ ok: true, value: { already: true } });
    const other = await tryJoin(core.token({ genesis: 'b'.repeat(64) }));
    expect(other.result).toMatchObject({ ok: false, error: { code: 'enrol.other-fleet' } });
  });

  it('refuses a text that is no token, and one that has expired', async () => {
    expect((await tryJoin('ov1_???')).result).toMatchObject({ error: { code: 'enrol.bad-token' } });
    const past = new Date(Date.now() - 1_000).toISOString();
    expect((await tryJoin(core.token({ expiresAt: past }))).result).toMatchObject({
      error: { code: 'enrol.token-expired' },
    });
    expect(core.posts).toHaveLength(0);
  });

  it.each([24, -24])('names both clocks when they are %i hours apart, before the token is judged', async (hours) => {
    core.behaviour.clockOffsetMs = hours * 3_600_000;
    const { result } = await tryJoin(core.token());
    expect(result).toMatchObject({ ok: false, error: { code: 'enrol.clock-wrong' } });
    if (result.ok) return;
    expect(result.error.message).toContain(new Date().toISOString().slice(0, 10));
    expect(result.error.message).toContain(new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 10));
    expect(result.error.next).toContain('clock');
  });

  it('says that a used token is used, keeps nothing of it, and names an unreachable core', async () => {
    core.behaviour.problem = { status: 409, code: 'enrol.token-used', kind: 'conflict' };
    expect((await tryJoin(core.token())).result).toMatchObject({ error: { code: 'enrol.token-used' } });
    expect(readPendingEnrolment(dataDir)).toBeUndefined();
    expect((await tryJoin(core.token({ httpPort: 1 }))).result).toMatchObject({
      error: { code: 'core.unreachable', kind: 'transient' },
    });
  });

  it('P1: takes no log but that of the genesis in its token', async () => {
    const other = await createTestFleet({ httpPort: 1, linkPort: 1 });
    core.behaviour.log = other.state.entries;
    expect((await tryJoin(core.token())).result).toMatchObject({ error: { code: 'enrol.false-log' } });
    core.behaviour.log = [];
    expect((await tryJoin(core.token())).result).toMatchObject({ error: { code: 'enrol.false-log' } });
  });

  it('P1: refuses a log that holds other keys than its own', async () => {
    core.behaviour.accepts = false;
    core.behaviour.log = core.fleet.state.entries;
    const { result, fleet } = await tryJoin(core.token());
    expect(result).toMatchObject({ ok: false, error: { code: 'enrol.not-our-keys' } });
    expect(fleet).toBeUndefined();
  });

  it('P5: goes on with the very same request after it was killed while waiting', async () => {
    core.behaviour.accepts = false;
    const token = core.token();
    // What kill -9 leaves: the request went out, nobody noted an answer.
    const killed = new AbortController();
    core.behaviour.onPost = () => killed.abort();
    expect((await tryJoin(token, { signal: killed.signal })).result.ok).toBe(false);
    const before = readFileSync(join(dataDir, 'enrolment.json'), 'utf8');
    core.behaviour.onPost = null;
    core.behaviour.accepts = true;
    expect((await tryJoin(token, { facts: { os: 'another moment' } })).result).toMatchObject({ ok: true });
    expect(core.posts.at(-1)?.request).toBe(JSON.parse(before).request);
  });

  it('P5: finds that it was accepted while it was down, though the token counts as used', async () => {
    core.behaviour.accepts = false;
    const token = core.token();
    const killed = new AbortController();
    core.behaviour.onPost = () => killed.abort();
    await tryJoin(token, { signal: killed.signal });
    core.behaviour.onPost = null;
    core.behaviour.problem = { status: 409, code: 'enrol.token-used', kind: 'conflict' };
    await core.fleet.addEntry({ kind: 'add-node', node: JSON.parse(core.posts[0]?.request ?? '').node });
    expect((await tryJoin(token)).result).toMatchObject({ ok: true });
  });
});

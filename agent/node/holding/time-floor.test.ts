import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomId, systemRandom } from '#shared/kernel/index.ts';
import { emptyBase, emptyCutoff, emptyFloor } from '#shared/trust/index.ts';
import { verifyRelease } from '../reconcile/verify-release.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { appBody, createTestFleet, type TestFleet } from '../testing/test-fleet.ts';
import { createTimeFloor, KEEP_EVERY_MS, type TimeFloor } from './time-floor.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-11-26T12:00:00Z');

let fleet: TestFleet;
let laptop: string;
let thief: string;
let dataDir: string;
let store: NodeStore;
let floor: TimeFloor;
/** What time it truly is. */
let trueMs: number;
/** How far off the machine's clock is. */
let offMs: number;
let log: string[];

/** A start of the agent: the steady clock begins anew, somewhere. */
function start(): void {
  const bootMs = trueMs - 1_000;
  floor = createTimeFloor({
    trust: fleet,
    store,
    clock: { nowMs: () => trueMs + offMs },
    steadyMs: () => trueMs - bootMs,
    log: (line) => log.push(line),
  });
}
function crash(): void {
  store.close();
  store = openNodeStore(dataDir);
  start();
}
const onDisk = () => new Map(store.timeFloor.all());

beforeEach(async () => {
  fleet = await createTestFleet({ httpPort: 1, linkPort: 2 });
  laptop = fleet.device.keyId;
  thief = (await fleet.addPerson('operator')).keyId;
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-time-'));
  store = openNodeStore(dataDir);
  [trueMs, offMs, log] = [START_MS, 0, []];
  start();
});
afterEach(() => {
  floor.stop();
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const passes = (most: number) => fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: most }) });
const jump = fc.record({
  do: fc.constant('set-clock' as const),
  ms: fc.constantFrom(-HOUR_MS, 30 * DAY_MS, -START_MS, 10 * DAY_MS, 0),
});
const vouch = (by: 'laptop' | 'thief', ...aheadMs: number[]) =>
  fc.record({ do: fc.constant('vouch' as const), by: fc.constant(by), ms: fc.constantFrom(...aheadMs) });
const steps = fc.array(
  fc.oneof(
    passes(2 * DAY_MS),
    jump,
    vouch('laptop', 0, -HOUR_MS, -DAY_MS),
    vouch('thief', 0, -HOUR_MS, 40 * DAY_MS, 4_000 * DAY_MS),
    fc.constant({ do: 'keep' as const }),
    fc.constant({ do: 'crash' as const }),
  ),
  { maxLength: 40 },
);

describe('HOLD-10: the floor of time', () => {
  it('HOLD-10: never falls, over any interleaving of jumps, words, restarts and crashes (A8-16)', () => {
    fc.assert(
      fc.property(steps, (history) => {
        [trueMs, offMs] = [START_MS, 0];
        for (const path of ['node.db', 'node.db-wal', 'node.db-shm']) rmSync(join(dataDir, path), { force: true });
        crash();
        let kept = onDisk();
        let seenMs = Number.NEGATIVE_INFINITY;
        /** Beyond this no floor may be: a clock and a signer have agreed on no more. */
        let agreedMs = Number.NEGATIVE_INFINITY;
        for (const step of history) {
          const beforeMs = trueMs;
          if (step.do === 'pass') trueMs += step.ms;
          else if (step.do === 'set-clock') offMs = step.ms;
          else if (step.do === 'keep') floor.keep();
          else if (step.do === 'crash') {
            crash();
            // What was in memory alone is gone, and nothing that was vouched for.
            seenMs = Math.max(Number.NEGATIVE_INFINITY, ...kept.values());
          } else {
            const saidMs = trueMs + step.ms;
            agreedMs = Math.max(agreedMs, Math.min(saidMs, Math.max(trueMs + offMs, seenMs)));
            floor.raise(step.by === 'laptop' ? laptop : thief, saidMs);
          }
          agreedMs += trueMs - beforeMs;
          const nowMs = floor.floorMs() ?? Number.NEGATIVE_INFINITY;
          expect(nowMs).toBeGreaterThanOrEqual(seenMs);
          expect(nowMs).toBeLessThanOrEqual(agreedMs);
          expect(floor.clock.nowMs()).toBe(Math.max(trueMs + offMs, Math.floor(nowMs)));
          for (const [signer, timeMs] of kept) expect(onDisk().get(signer)).toBeGreaterThanOrEqual(timeMs);
          [kept, seenMs] = [onDisk(), nowMs];
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('HOLD-10: a clock that jumps a month ahead and back refuses nothing for a month (A8-16)', () => {
    floor.raise(laptop, trueMs);
    offMs = 30 * DAY_MS;
    floor.raise(laptop, trueMs);
    expect(floor.clock.nowMs()).toBe(trueMs + 30 * DAY_MS);
    offMs = 0;
    expect(floor.clock.nowMs()).toBe(trueMs);
  });

  it('HOLD-10: a key that signs far-future times moves nothing while the clock is right', () => {
    floor.raise(thief, trueMs + 4_000 * DAY_MS);
    expect(floor.clock.nowMs()).toBe(trueMs);
    trueMs += HOUR_MS;
    crash();
    expect(floor.floorMs()).toBe(trueMs - HOUR_MS);
  });

  it('HOLD-10: with the clock beside it, it freezes the node until it is revoked, and no longer', async () => {
    floor.raise(laptop, trueMs);
    offMs = 30 * DAY_MS;
    floor.raise(thief, trueMs + 30 * DAY_MS);
    offMs = 0;
    expect(floor.clock.nowMs()).toBe(trueMs + 30 * DAY_MS);
    await fleet.addEntry({ kind: 'revoke-device', deviceId: thief, cutoff: emptyCutoff });
    expect(floor.clock.nowMs()).toBe(trueMs);
    crash();
    expect(floor.clock.nowMs()).toBe(trueMs);
  });
});

describe('HOLD-11: now', () => {
  const verdictOn = async (release: Awaited<ReturnType<TestFleet['signRelease']>>, node: string, appId: string) => {
    const given = { appId, chain: [release.envelope], body: release.body };
    const nothing = { previous: () => null, running: () => null, isEarlierBody: () => false };
    const about = { floor: emptyFloor, base: emptyBase, state: fleet.state, node, ...nothing };
    const result = await verifyRelease(given, { ...about, now: floor.clock.nowMs() });
    return result.ok ? 'taken' : result.error.code;
  };

  it('HOLD-11: a release that was held back beyond its acceptBy is refused with the clock set back (A8-48)', async () => {
    [trueMs, offMs] = [Date.now(), 0];
    start();
    const [appId, node] = [randomId(systemRandom), randomId(systemRandom)];
    const release = await fleet.signRelease({ node, appId, number: 1, previous: null, body: appBody('feeds') });
    expect(await verdictOn(release, node, appId)).toBe('taken');
    trueMs += 2 * HOUR_MS;
    floor.raise(laptop, trueMs);
    offMs = -2 * HOUR_MS;
    expect(await verdictOn(release, node, appId)).toBe('release.expired');
    crash();
    expect(await verdictOn(release, node, appId)).toBe('release.expired');
    // Without the floor it would have been taken: nothing else stood in its way.
    const nobody = { store: { timeFloor: { all: () => [], raise: () => undefined } }, trust: fleet };
    floor = createTimeFloor({ ...nobody, clock: { nowMs: () => trueMs + offMs }, log: () => undefined });
    expect(await verdictOn(release, node, appId)).toBe('taken');
  });

  it('HOLD-11: what passes is counted beside the clock, and written down', () => {
    floor.raise(laptop, trueMs);
    offMs = -START_MS;
    trueMs += KEEP_EVERY_MS;
    expect(floor.clock.nowMs()).toBe(START_MS + KEEP_EVERY_MS);
    floor.keep();
    crash();
    expect(floor.clock.nowMs()).toBe(START_MS + KEEP_EVERY_MS);
  });

  it('HOLD-11: is the clock of the machine where nobody has vouched for a time', () => {
    offMs = -START_MS;
    expect([floor.floorMs(), floor.clock.nowMs()]).toEqual([null, 0]);
  });
});

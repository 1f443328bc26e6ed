import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { sha256Hex, utf8 } from '#shared/kernel/index.ts';
import { APP, at, BODY, createTestFleet, NOON, type TestFleet, testId } from '../testing/test-fleet.ts';
import { decideRelease, type OpenedHeader, type ReleaseQuestion } from './decide-release.ts';
import { emptyFloor, floorAfterAccept, floorAfterOutcome, type ReleaseFloor, type ReleaseOutcome } from './floor.ts';

const HOUR = 3_600_000;
let fleet: TestFleet;
beforeAll(async () => {
  fleet = await createTestFleet('release property');
});

/** Signatures are openEnvelope's matter; here a header is what it says. */
function headerOf(number: number, previous: string | null, variant: number, changes: object = {}): OpenedHeader {
  const payload = {
    fleet: fleet.state.fleet,
    signer: fleet.owner.id,
    requires: [],
    trustHead: null,
    auditHead: null,
    appId: APP,
    node: fleet.node.id,
    number,
    previous,
    body: sha256Hex(BODY),
    changeSet: testId(`change ${variant}`),
    issuedAt: at(),
    acceptBy: at(24 * HOUR),
    after: [],
    ...changes,
  };
  const payloadBytes = utf8(JSON.stringify(payload));
  return { payload, payloadBytes, itemHash: sha256Hex(payloadBytes), signer: payload.signer };
}

/** A tree of headers: the main line 1..length, and from some number on a second line. */
function tree(length: number, forkAt: number): { main: OpenedHeader[]; fork: OpenedHeader[] } {
  const main: OpenedHeader[] = [];
  const fork: OpenedHeader[] = [];
  for (let number = 1; number <= length; number++) {
    main.push(headerOf(number, main.at(-1)?.itemHash ?? null, 0));
    const below = number === forkAt ? (main.at(-2)?.itemHash ?? null) : fork.at(-1)?.itemHash;
    if (number >= forkAt && below !== undefined) fork.push(headerOf(number, below, 1));
  }
  return { main, fork };
}

/** The model: what a person would say, by walking back from the release to the floor over everything that was sent. */
function model({ floor, chain, body, node, now }: ReleaseQuestion): 'accept' | 'known' | 'refuse' {
  const last = chain.at(-1);
  if (!last) return 'refuse';
  const seen = Object.keys(floor.outcomes).includes(`${last.payload.number}:${last.itemHash}`);
  const fits = chain.every(({ payload }) => payload.node === node && payload.appId === last.payload.appId);
  if (!fits) return 'refuse';
  if (seen || floor.accepted?.header === last.itemHash || floor.running?.header === last.itemHash) return 'known';
  const above = floor.accepted?.number ?? 0;
  const numbers = chain.map(({ payload }) => payload.number).filter((number) => number > above);
  const rising = numbers.every((number, i) => i === 0 || number === (numbers[i - 1] ?? 0) + 1);
  const byHash = new Map(chain.map((header) => [header.itemHash, header]));
  let walk: OpenedHeader | undefined = last;
  let steps = 0;
  while (walk && walk.payload.previous !== (floor.accepted?.header ?? null)) {
    walk = byHash.get(walk.payload.previous ?? '');
    steps += 1;
    if (steps > 2_000) return 'refuse';
  }
  const reaches = walk !== undefined && walk.payload.number === (floor.accepted?.number ?? 0) + 1;
  const clock = Date.parse(last.payload.acceptBy) > now && Date.parse(last.payload.acceptBy) <= now + 7 * 24 * HOUR;
  return reaches && rising && clock && sha256Hex(body) === last.payload.body ? 'accept' : 'refuse';
}

it('REL-2 REL-3 REL-4 REL-5: decides as the model for any chain on any floor', () => {
  const counts = { accept: 0, known: 0, refuse: 0 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(8),
      fc.array(fc.record({ line: fc.constantFrom('main', 'fork'), number: fc.integer({ min: 1, max: 8 }) }), {
        maxLength: 3,
      }),
      fc.record({ line: fc.constantFrom('main', 'fork'), from: fc.nat(8), to: fc.nat(8) }),
      fc.record({
        at: fc.constantFrom<number>(0, 0, 0, 23, 24, 25, -24 * 6, -24 * 8),
        drop: fc.nat(12),
        body: fc.nat(7),
      }),
      (length, forkAt, floorNumber, known, sent, noise) => {
        const lines = tree(length, forkAt);
        const accepted = lines.main[floorNumber - 1];
        let floor: ReleaseFloor = accepted ? floorAfterAccept(emptyFloor, accepted) : emptyFloor;
        for (const { line, number } of known) {
          const header = lines[line].find(({ payload }) => payload.number === number);
          if (!header || number > (floor.accepted?.number ?? 0)) continue;
          const outcomes: ReleaseOutcome[] = ['succeeded', 'failed', 'rolled-back', 'superseded'];
          floor = floorAfterOutcome(floor, { number, header: header.itemHash }, outcomes[number % 4] ?? 'failed', {});
        }
        // The second line stands on the first one below the fork.
        const whole = [...(sent.line === 'fork' ? lines.main.slice(0, forkAt - 1) : []), ...lines[sent.line]];
        const chain = whole.slice(sent.from, sent.to + 1).filter((_, i) => i !== noise.drop);
        const question: ReleaseQuestion = {
          floor,
          chain,
          body: noise.body === 0 ? utf8('other') : BODY,
          state: fleet.state,
          node: fleet.node.id,
          now: NOON + noise.at * HOUR,
        };
        const decided = decideRelease(question);
        const answer = !decided.ok ? 'refuse' : decided.value.accept ? 'accept' : 'known';
        counts[answer] += 1;
        expect(answer, decided.ok ? '' : decided.error.message).toBe(model(question));
        if (decided.ok && decided.value.accept) expect(decided.value.accept).toBe(chain.at(-1));
        if (!decided.ok) expect(decided.error.code).toMatch(/^(release|trust)\./);
      },
    ),
    { numRuns: 4_000 },
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(50);
});

it('REL-10: whatever is sent in whatever order, the floor only rises and no number is accepted twice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ line: fc.constantFrom('main', 'fork'), from: fc.nat(6), to: fc.nat(6) }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      (deliveries, forkAt) => {
        const lines = tree(6, forkAt);
        let floor: ReleaseFloor = emptyFloor;
        const accepted = new Map<number, string>();
        for (const { line, from, to } of deliveries) {
          const whole = [...(line === 'fork' ? lines.main.slice(0, forkAt - 1) : []), ...lines[line]];
          const decided = decideRelease({
            floor,
            chain: whole.slice(from, to + 1),
            body: BODY,
            state: fleet.state,
            node: fleet.node.id,
            now: NOON,
          });
          const header = decided.ok ? decided.value.accept : undefined;
          if (!header) continue;
          expect(header.payload.number).toBeGreaterThan(floor.accepted?.number ?? 0);
          expect(accepted.has(header.payload.number)).toBe(false);
          accepted.set(header.payload.number, header.itemHash);
          floor = floorAfterAccept(floor, header);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

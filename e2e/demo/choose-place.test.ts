import { describe, expect, test } from 'vitest';
import type { EngineSearch } from './at-hand-engine.ts';
import { choosePlace } from './choose-place.ts';

const here: EngineSearch = {
  found: true,
  engine: { socket: '/run/docker.sock', composeBin: '/x/docker-compose', about: 'Docker 28.5.2' },
};
const away: EngineSearch = { found: false, why: 'there is no docker CLI' };

describe('the place of the demo', () => {
  test.each([
    ['an engine at hand comes first', null, here, true, 'at-hand'],
    ['also for a plain user', null, here, false, 'at-hand'],
    ['--lab wins over an engine', 'lab', here, true, 'lab'],
    ['root on Linux without an engine', null, away, true, 'lab'],
    ['a plain user without an engine', null, away, false, null],
    ['--lab without root', 'lab', here, false, null],
    ['--at-hand never falls back to the lab', 'at-hand', away, true, null],
  ] as const)('%s', (_name, wanted, engine, isLinuxRoot, place) => {
    expect(choosePlace({ wanted, engine, isLinuxRoot }).place).toBe(place);
  });

  test('a refusal says what is missing and what to do', () => {
    expect(choosePlace({ wanted: null, engine: away, isLinuxRoot: false })).toMatchObject({
      why: expect.stringContaining('there is no docker CLI'),
      next: expect.stringMatching(/Install Docker.*as root on Linux/),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { INPUTS, INPUTS_TIMEOUT_MS, tryInputs } from '#shared/testing/generated/try-inputs.ts';

const parsers = new URL('../testing/body-parser.ts', import.meta.url);

describe.concurrent('REL-9 A8-25: no body makes a node throw, hang, fill its memory or change a prototype', () => {
  it(
    'of a release',
    async () => {
      const { taken, refused } = await tryInputs(parsers, 'releaseBody');
      expect(taken + refused).toBeGreaterThanOrEqual(INPUTS);
      expect([taken > 0, refused > 0]).toEqual([true, true]);
    },
    INPUTS_TIMEOUT_MS,
  );
});

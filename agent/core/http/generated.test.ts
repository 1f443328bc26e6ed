import { describe, expect, it } from 'vitest';
import { INPUTS, INPUTS_TIMEOUT_MS, tryInputs } from '#shared/testing/generated/try-inputs.ts';

const parsers = new URL('../testing/rest-parsers.ts', import.meta.url);

describe.concurrent('A8-25: no body makes the core throw, hang, fill its memory or change a prototype', () => {
  it(
    'of any operation',
    async () => {
      const { taken, refused } = await tryInputs(parsers, 'restBody');
      expect(taken + refused).toBeGreaterThanOrEqual(INPUTS);
      expect([taken > 0, refused > 0]).toEqual([true, true]);
    },
    INPUTS_TIMEOUT_MS,
  );
});

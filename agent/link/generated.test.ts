import { describe, expect, it } from 'vitest';
import { INPUTS, INPUTS_TIMEOUT_MS, tryInputs } from '#shared/testing/generated/try-inputs.ts';

const parsers = new URL('./testing/link-parsers.ts', import.meta.url);

describe.concurrent('A8-25: no frame makes an end of the link throw, hang, fill its memory or change a prototype', () => {
  it.each(['frameFromNode', 'frameFromCore', 'frameFromReplica'])(
    '%s',
    async (parser) => {
      const { taken, refused } = await tryInputs(parsers, parser);
      expect(taken + refused).toBeGreaterThanOrEqual(INPUTS);
      expect([taken > 0, refused > 0]).toEqual([true, true]);
    },
    INPUTS_TIMEOUT_MS,
  );
});

import { describe, expect, it } from 'vitest';
import { INPUTS, INPUTS_TIMEOUT_MS, tryInputs } from './try-inputs.ts';

const trust = new URL('./trust-parsers.ts', import.meta.url);
const state = new URL('./state-parsers.ts', import.meta.url);

describe.concurrent('A8-20 A8-24 A8-25: no input makes a parser throw, hang, fill the memory or change a prototype', () => {
  it.each([
    ['strict JSON', trust, 'strictJson'],
    ['an envelope', trust, 'envelope'],
    ['a payload of every kind', trust, 'payload'],
    ['an entry of the trust log', trust, 'logEntry'],
    ['a release header', trust, 'releaseHeader'],
    ['an enrolment token', trust, 'enrolmentToken'],
    ['an enrolment request', trust, 'enrolmentRequest'],
    ['a setup code', trust, 'setupCode'],
    ['recovery words', trust, 'recoveryWords'],
    ['an export of the audit', trust, 'auditExport'],
    ['a row', state, 'row'],
    ['the update of a row', state, 'rowUpdate'],
    ['an app.yaml', state, 'appYaml'],
    ['a Compose file', state, 'composeFile'],
  ] as const)(
    '%s',
    async (_what, module, parser) => {
      const { taken, refused } = await tryInputs(module, parser);
      expect(taken + refused).toBeGreaterThanOrEqual(INPUTS);
      expect([taken > 0, refused > 0]).toEqual([true, true]);
    },
    INPUTS_TIMEOUT_MS,
  );
});

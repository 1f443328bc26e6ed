import { expect, it } from 'vitest';
import { createManualTimers } from '#shared/testing/deterministic.ts';
import { createLineBatches } from './batch-lines.ts';

const line = (text: string) => ({ time: '', service: 'web', stream: 'stdout' as const, line: text });
const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

it('gathers what comes together, counts on, and sends the rest at the end', async () => {
  const timers = createManualTimers();
  const sent: string[][] = [];
  const batches = createLineBatches(
    timers,
    async (lines) => void sent.push(lines.map(({ seq, text }) => `${seq}${text}`)),
  );
  await batches.add(line('a'));
  await batches.add(line('b'));
  expect(sent).toEqual([]);
  timers.fire();
  await tick();
  await batches.add(line('c'));
  await batches.end();
  expect(sent).toEqual([['0a', '1b'], ['2c']]);
});

it('a reader that takes nothing holds the source up: no more than two batches wait', async () => {
  let pushed = 0;
  let added = 0;
  const batches = createLineBatches(createManualTimers(), () => {
    pushed++;
    return new Promise(() => undefined);
  });
  void (async () => {
    for (; added < 10_000; added++) await batches.add(line('x'));
  })();
  await tick();
  expect(pushed).toBe(1);
  expect(added).toBeLessThan(1_000);
});

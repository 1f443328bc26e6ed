import { expect, it } from 'vitest';
import { check, produce, receive, send } from './portable-scenario.ts';

it('the scenario that runs in Chromium holds in Node, twice to the same bytes', async () => {
  const made = await produce();
  expect((await produce()).repeatable).toEqual(made.repeatable);
  const report = await check(JSON.parse(JSON.stringify(made)));
  expect(report).toMatchObject({
    command: 'ok',
    session: 'ok',
    setup: true,
    nodeCopy: 'a secret of the scenario',
    ownerCopy: 'a secret of the scenario',
    audit: "All 2 entries fit together and up to entry 1 others saw them; the last 1 have only the core's word.",
  });
  expect(new Set(report.refusals as string[])).toEqual(new Set(['trust.bad-signature']));
  expect(new Set(report.vectors as boolean[])).toEqual(new Set([false]));
  const device = await receive();
  expect(await device.read(await send(device.publicKey))).toEqual(['one', 'two', 'three']);
});

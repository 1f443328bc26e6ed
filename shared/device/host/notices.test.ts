import { expect, it } from 'vitest';
import { fault, systemRandom } from '#shared/kernel/index.ts';
import { createManualClock } from '#shared/testing/deterministic.ts';
import { createNotices, decideDismissed, type Notice } from './notices.ts';

const split = fault('audit.split-view', 'conflict', 'two records', 'Look at them.');
const broken = fault('core.internal', 'transient', 'it broke', 'Try again.');
const notice = (id: string, why: typeof split): Notice => ({
  ...{ id, at: '2026-11-26T12:00:00.000Z', fault: why as Notice['fault'] },
});

it('AUD-8: an alarm whose notice is put away stands still, any other notice is gone', () => {
  const all = [notice('a', split), notice('b', broken)];
  expect(decideDismissed(all, 'a')).toEqual([{ ...all[0], hidden: true }, all[1]]);
  expect(decideDismissed(all, 'b')).toEqual([all[0]]);
  expect(decideDismissed(all, 'c')).toEqual(all);
});

it('AUD-8: an alarm that was put away does not come back as a notice, and twenty others do not push it out', () => {
  const notices = createNotices({ clock: createManualClock(), random: systemRandom, onChange: () => undefined });
  notices.add(split);
  notices.dismiss(notices.list()[0]?.id ?? '');
  notices.add(split);
  for (let nth = 0; nth < 25; nth += 1) notices.add({ ...broken, message: `broke ${nth}` });
  expect(notices.list().filter(({ hidden }) => hidden)).toMatchObject([{ fault: { code: 'audit.split-view' } }]);
  expect(notices.list()).toHaveLength(21);
});

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

it('AUD-8: settled alarms are gone, also those put away; nothing else is, and one that comes again is told', () => {
  const notices = createNotices({ clock: createManualClock(), random: systemRandom, onChange: () => undefined });
  for (const why of [split, broken, { ...split, message: 'two other records' }]) notices.add(why);
  notices.dismiss(notices.list()[0]?.id ?? '');
  notices.settleAlarms();
  expect(notices.list()).toMatchObject([{ fault: { message: 'it broke' } }]);
  notices.add(split);
  expect(notices.list()).toMatchObject([{ fault: { message: 'it broke' } }, { fault: { message: 'two records' } }]);
  expect(notices.list().some(({ hidden }) => hidden)).toBe(false);
});

import { expect, test } from 'vitest';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { createLiveViews } from './live-views.ts';
import type { Sink } from './sink.ts';

/** Views whose values a test gives by hand, and what a subscriber saw. */
function begin() {
  const waiting: ((result: Result<unknown>) => void)[] = [];
  const bugs: unknown[] = [];
  const compute = () => new Promise<Result<unknown>>((resolve) => void waiting.push(resolve));
  const views = createLiveViews(compute, (bug) => bugs.push(bug));
  const seen: unknown[] = [];
  const sink = { push: (value: unknown) => void seen.push(value), end: (why: unknown) => void seen.push(why) };
  const stop = views.subscribe('one', sink as unknown as Sink);
  const answer = async (result: Result<unknown>) => {
    waiting.shift()?.(result);
    await new Promise(setImmediate);
  };
  return { views, waiting, seen, answer, stop };
}

test('a burst of changes is worked out once more, not once for each', async () => {
  const { views, waiting, seen, answer } = begin();
  for (let change = 0; change < 50; change++) views.refresh('one');
  expect(waiting).toHaveLength(1);
  await answer(ok('before'));
  expect(waiting).toHaveLength(1);
  await answer(ok('after'));
  expect(seen).toEqual(['before', 'after']);
  expect(waiting).toHaveLength(0);
  views.refresh();
  expect(waiting).toHaveLength(1);
});

test('a fault ends a view only when nothing changed meanwhile', async () => {
  const { views, seen, answer } = begin();
  const gone = fault('bridge.bug', 'permanent', 'it is gone', 'Reload the page.');
  views.refresh('one');
  await answer(err(gone));
  expect(seen).toEqual([]);
  await answer(ok('it is there'));
  views.refresh('one');
  await answer(err(gone));
  expect(seen).toEqual(['it is there', gone]);
});

test('what nobody looks at any more is not worked out again', async () => {
  const { views, waiting, answer, stop } = begin();
  views.refresh('one');
  stop();
  await answer(ok('late'));
  views.refresh('one');
  expect(waiting).toHaveLength(0);
});

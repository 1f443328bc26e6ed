import { describe, expect, it } from 'vitest';
import type { TopicListener } from '#shared/contracts/ipc/index.ts';
import { fault } from '#shared/kernel/index.ts';
import { createBridgeDouble } from '#shared/testing/bridge-double.ts';
import { createTopicCache, topicKey } from './topic-cache.ts';

/** Timers that run when they are told to. */
function createHandTimers() {
  const waiting = new Map<number, () => void>();
  let last = 0;
  return {
    set(run: () => void) {
      waiting.set(++last, run);
      return last;
    },
    clear(timer: never) {
      waiting.delete(timer);
    },
    runAll() {
      const due = [...waiting.values()];
      waiting.clear();
      for (const run of due) run();
    },
  };
}

/** The double, counting what is subscribed and able to end it. */
function createCountingBridge() {
  const double = createBridgeDouble();
  const open: TopicListener<never>[] = [];
  const bridge = {
    ...double,
    subscribe: ((topic, params, listener) => {
      open.push(listener as never);
      const stop = double.subscribe(topic, params, listener);
      return () => {
        open.splice(open.indexOf(listener as never), 1);
        stop();
      };
    }) as typeof double.subscribe,
  };
  return { bridge, double, open };
}

const request = (id: string, name: string) => ({
  id: id.padEnd(26, 'a'),
  name,
  kind: 'browser' as const,
  expiresAt: '2026-01-01T00:00:00.000Z',
  code: null,
});

describe('subscriptions of a window', () => {
  it('are one for each topic and params, however many read', () => {
    const { bridge, open } = createCountingBridge();
    const cache = createTopicCache(bridge, createHandTimers());
    const first = cache.entry('deviceRequests', {});
    const ends = [first.hold(), cache.entry('deviceRequests', {}).hold()];
    expect(cache.entry('deviceRequests', {})).toBe(first);
    expect(open).toHaveLength(1);
    for (const end of ends) end();
    expect(open).toHaveLength(1);
  });

  it('stay for a while after the last reader, and a new reader finds the state', () => {
    const { bridge, double, open } = createCountingBridge();
    const timers = createHandTimers();
    const cache = createTopicCache(bridge, timers);
    const entry = cache.entry('deviceRequests', {});
    entry.hold()();
    double.tell('deviceRequests', { set: [request('b', 'phone')], drop: [], whole: true });
    const again = entry.hold();
    timers.runAll();
    expect(open).toHaveLength(1);
    expect(entry.store.getState().rows).toHaveLength(1);
    again();
    timers.runAll();
    expect(open).toHaveLength(0);
    expect(cache.entry('deviceRequests', {})).not.toBe(entry);
  });

  it('an end that is told twice counts once', () => {
    const { bridge, open } = createCountingBridge();
    const timers = createHandTimers();
    const entry = createTopicCache(bridge, timers).entry('deviceRequests', {});
    const end = entry.hold();
    entry.hold();
    end();
    end();
    timers.runAll();
    expect(open).toHaveLength(1);
  });

  it('are asked for again after a passing fault, and keep what was shown', () => {
    const { bridge, double, open } = createCountingBridge();
    const timers = createHandTimers();
    const entry = createTopicCache(bridge, timers).entry('deviceRequests', {});
    entry.hold();
    double.tell('deviceRequests', { set: [request('b', 'phone')], drop: [], whole: true });
    const before = open[0];
    open[0]?.onEnd(fault('bridge.closed', 'transient', 'gone', 'wait'));
    expect(entry.store.getState()).toMatchObject({ ready: true, fault: { code: 'bridge.closed' } });
    expect(entry.store.getState().rows).toHaveLength(1);
    timers.runAll();
    expect(open.at(-1)).not.toBe(before);
    expect(entry.store.getState().fault).toBeNull();
  });

  it('are not asked for again after a lasting fault', () => {
    const { bridge, open } = createCountingBridge();
    const timers = createHandTimers();
    const entry = createTopicCache(bridge, timers).entry('app', { appId: 'a'.repeat(26) });
    entry.hold();
    open[0]?.onEnd(fault('app.unknown', 'permanent', 'no', 'look'));
    timers.runAll();
    expect(open).toHaveLength(1);
  });
});

it('a row that did not change stays the same object', () => {
  const { bridge, double } = createCountingBridge();
  const entry = createTopicCache(bridge, createHandTimers()).entry('deviceRequests', {});
  entry.hold();
  const [one, two] = [request('b', 'phone'), request('c', 'tablet')];
  double.tell('deviceRequests', { set: [one, two], drop: [], whole: true });
  const kept = entry.store.getState().byId.get(one.id);
  double.tell('deviceRequests', { set: [{ ...two, name: 'other' }], drop: [], whole: false });
  expect(entry.store.getState().byId.get(one.id)).toBe(kept);
  double.tell('deviceRequests', { set: [], drop: [two.id], whole: false });
  expect(entry.store.getState().rows).toEqual([one]);
});

it('the order of params makes no other topic', () => {
  const [a, b] = [
    { appId: 'x', tail: 1 },
    { tail: 1, appId: 'x' },
  ];
  expect(topicKey('logs', a)).toBe(topicKey('logs', b));
  expect(topicKey('logs', a)).not.toBe(topicKey('logs', { appId: 'y', tail: 1 }));
});

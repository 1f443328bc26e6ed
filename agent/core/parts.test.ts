import { describe, expect, test } from 'vitest';
import { systemRandom } from '#shared/kernel/index.ts';
import { parseCoreAddress } from './addresses.ts';
import { createEventHub } from './events/event-hub.ts';
import { createCommandBroker } from './link/command-broker.ts';
import { createNodeBook } from './link/node-book.ts';
import { createSessionBook } from './sessions/session-book.ts';
import { FACTS } from './testing/test-node.ts';
import { createWaitingRoom } from './usecases/waiting-room.ts';

const clockAt = (start: number) => {
  let nowMs = start;
  return { nowMs: () => nowMs, pass: (ms: number) => (nowMs += ms) };
};

describe('addresses', () => {
  const parse = (text: string) => {
    const parsed = parseCoreAddress(text);
    return parsed.ok ? [parsed.value.host, parsed.value.httpPort, parsed.value.linkPort] : parsed.error.code;
  };
  test('a host alone has the usual ports; the link port follows a given HTTP port', () => {
    expect(parse('core.lan')).toEqual(['core.lan', 7443, 7444]);
    expect(parse('192.168.1.2:8443')).toEqual(['192.168.1.2', 8443, 8444]);
    expect(parse('core.lan:8443:9000')).toEqual(['core.lan', 8443, 9000]);
    expect(parse('[fd00::1]:8443')).toEqual(['fd00::1', 8443, 8444]);
  });
  test.each(['', 'a b', 'core.lan:0', 'core.lan:70000', 'https://core.lan', 'fd00::1', 'core.lan:1:2:3'])(
    '%j is refused',
    (text) => {
      expect(parse(text)).toBe('core.bad-address');
    },
  );
});

describe('events', () => {
  const event = (appId: string) => ({ type: 'app' as const, data: { appId } });
  test('a reader that comes back gets what it missed, in order, and then what follows', () => {
    const hub = createEventHub(100);
    for (const appId of ['a', 'b', 'c']) hub.publish(event(appId));
    const got: [number | null, string][] = [];
    const end = hub.subscribe(100, ({ id, event: found }) => got.push([id, found.type]));
    hub.publish(event('d'));
    end();
    hub.publish(event('e'));
    expect(got.map(([id]) => id)).toEqual([101, 102, 103]);
  });
  test('a reader whose place is no longer held is told to read the lists again', () => {
    const hub = createEventHub(100);
    for (let i = 0; i < 1_200; i++) hub.publish(event('a'));
    const got: string[] = [];
    hub.subscribe(101, ({ event: found }) => got.push(found.type));
    createEventHub(5_000).subscribe(42, ({ event: found }) => got.push(found.type));
    expect(got).toEqual(['resync', 'resync']);
  });
  test('what is only told has no place: who comes later does not get it, and nobody has to read again', () => {
    const hub = createEventHub(100);
    hub.publish(event('a'));
    const got: unknown[] = [];
    const end = hub.subscribe(100, (item) => got.push(item.id));
    hub.tell(event('b'));
    end();
    hub.subscribe(100, (item) => got.push(item.id));
    expect(got).toEqual([null]);
  });
  test('a reader that is up to date gets nothing old', () => {
    const hub = createEventHub(100);
    hub.publish(event('a'));
    const got: unknown[] = [];
    hub.subscribe(100, (item) => got.push(item));
    hub.subscribe(undefined, (item) => got.push(item));
    expect(got).toEqual([]);
  });
});

describe('sessions', () => {
  test('challenges and tickets serve once and end by their time; sessions end by theirs', () => {
    const clock = clockAt(0);
    const book = createSessionBook(clock, systemRandom);
    const { challenge } = book.createChallenge();
    expect([book.useChallenge(challenge), book.useChallenge(challenge)]).toEqual([true, false]);
    const late = book.createChallenge().challenge;
    clock.pass(60_000);
    expect(book.useChallenge(late)).toBe(false);
    const id = book.open('d', clock.nowMs() + 1_000);
    const session = book.find(id);
    expect(session).toMatchObject({ deviceId: 'd' });
    const { ticket } = book.createTicket(session as never);
    expect([book.useTicket(ticket)?.deviceId, book.useTicket(ticket)]).toEqual(['d', undefined]);
    clock.pass(1_000);
    expect(book.find(id)).toBeUndefined();
  });
});

describe('node status', () => {
  test('unknown until the first contact after a start, online while it is heard, offline after 15 s of silence', () => {
    const clock = clockAt(1_000_000);
    const book = createNodeBook(clock);
    book.remember('n', '2026-01-01T00:00:00.000Z', FACTS);
    expect([book.status('n'), book.lastSeenAt('n'), book.facts('n')?.hostname]).toEqual([
      'unknown',
      '2026-01-01T00:00:00.000Z',
      'box',
    ]);
    book.touch('n', null);
    clock.pass(14_999);
    expect(book.status('n')).toBe('online');
    clock.pass(1);
    expect(book.status('n')).toBe('offline');
    book.touch('n', null);
    expect(book.status('n')).toBe('online');
  });
});

describe('commands', () => {
  test('P1: a node answers only for commands that went to it', () => {
    const sent: string[] = [];
    const broker = createCommandBroker((node) => sent.push(node) > 0);
    const got: string[] = [];
    const listener = {
      onResult: () => got.push('result'),
      onFrame: () => got.push('frame'),
      onLost: () => got.push('lost'),
    };
    broker.start('a', 'h', { type: 'cancel', command: 'h' }, listener);
    broker.frame('b', 'h', 'data');
    broker.result('b', 'h', { ok: true, fault: null, hello: null });
    broker.nodeLost('b');
    expect(got).toEqual([]);
    broker.frame('a', 'h', 'data');
    broker.nodeLost('a');
    broker.frame('a', 'h', 'data');
    expect(got).toEqual(['frame', 'lost']);
  });
});

describe('enrolment board', () => {
  test('wakes who waits at a change, and when the caller goes away', async () => {
    const board = createWaitingRoom();
    const gone = new AbortController();
    const waiting = [
      board.waitForChange('h', 60_000, new AbortController().signal),
      board.waitForChange('x', 60_000, gone.signal),
    ];
    board.changed('h');
    gone.abort();
    await Promise.all(waiting);
  });
});

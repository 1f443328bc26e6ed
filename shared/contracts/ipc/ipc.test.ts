import { describe, expect, it } from 'vitest';
import { err, fault, ok } from '#shared/kernel/index.ts';
import { type BridgeHandlers, createBridgeClient, serveBridge } from './index.ts';
import { createPortPair } from './port-pair.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));
const nothing: BridgeHandlers = {
  call: async () => err(fault('bridge.bug', 'permanent', 'not asked', 'none')),
  subscribe: () => () => undefined,
  openDocument: () => ({ send: () => undefined, close: () => undefined }),
};

function connect(handlers: Partial<BridgeHandlers>) {
  const bugs: unknown[] = [];
  const [screen, host] = createPortPair();
  const served = serveBridge(host, { ...nothing, ...handlers }, (error) => bugs.push(error));
  return { bridge: createBridgeClient(screen), served, bugs, screen };
}

const seeing =
  (seen: unknown[]): BridgeHandlers['call'] =>
  async (name) => {
    seen.push(name);
    return ok({} as never);
  };

describe('calls', () => {
  it('checks the input before a handler sees it and names the field', async () => {
    const seen: unknown[] = [];
    const { bridge } = connect({ call: seeing(seen) });
    const bad = await bridge.call('inviteNode', { name: '' });
    expect(bad.ok ? '' : [bad.error.code, bad.error.field]).toEqual(['bridge.bad-input', 'name']);
    expect(seen).toEqual([]);
  });

  it('gives defaults to the handler and refuses what it answers outside the contract', async () => {
    const { bridge, bugs } = connect({ call: async (_name, input) => ok({ text: input } as never) });
    const answer = await bridge.call('exportAudit', {});
    expect(answer.ok ? '' : answer.error.code).toBe('bridge.bug');
    expect(bugs).toHaveLength(1);
  });

  it('passes faults as values', async () => {
    const { bridge } = connect({ call: async () => err(fault('app.unknown', 'permanent', 'no', 'look')) });
    const answer = await bridge.call('revertEdits', { appId: 'a'.repeat(26) });
    expect(answer.ok ? '' : answer.error).toEqual({
      code: 'app.unknown',
      kind: 'permanent',
      message: 'no',
      next: 'look',
    });
  });

  it('A8-30: what is begun under an id that is in use is dropped, whatever it is', async () => {
    const begun: string[] = [];
    let answer: () => void = () => undefined;
    const { bugs, screen } = connect({
      call: async (name) => {
        begun.push(name);
        await new Promise<void>((resolve) => (answer = resolve));
        return ok({} as never);
      },
      subscribe: (topic) => {
        begun.push(topic);
        return () => void begun.push(`end of ${topic}`);
      },
      openDocument: (name) => {
        begun.push(name);
        return { send: () => undefined, close: () => void begun.push(`end of ${name}`) };
      },
    });
    const all = (id: number) => [
      { type: 'subscribe', id, topic: 'nodes', params: {} },
      { type: 'open', id, document: 'fleet' },
      { type: 'call', id, name: 'retryContact', input: {} },
    ];
    screen.post({ type: 'subscribe', id: 1, topic: 'apps', params: {} });
    screen.post({ type: 'open', id: 2, document: 'fleet' });
    screen.post({ type: 'call', id: 3, name: 'cancelJoin', input: {} });
    for (const id of [1, 2, 3]) for (const message of all(id)) screen.post(message);
    await tick();
    expect(begun).toEqual(['apps', 'fleet', 'cancelJoin']);
    expect(bugs).toHaveLength(9);
    answer();
    screen.post({ type: 'unsubscribe', id: 1 });
    screen.post({ type: 'close', id: 2 });
    await tick();
    // What has ended frees its id.
    for (const [index, id] of [1, 2, 3].entries()) screen.post(all(id)[index]);
    await tick();
    expect(begun.slice(3)).toEqual(['end of apps', 'end of fleet', 'nodes', 'fleet', 'retryContact']);
    expect(bugs).toHaveLength(9);
  });

  it('A8-30: a message of another shape reaches no handler', async () => {
    const seen: unknown[] = [];
    const { bugs, screen } = connect({ call: seeing(seen) });
    for (const message of [
      null,
      'x',
      { type: 'call', id: 1, name: 'rm', input: {} },
      { type: 'call', id: 1, name: '__proto__' },
    ])
      screen.post(message);
    await tick();
    expect(seen).toEqual([]);
    expect(bugs).toHaveLength(4);
  });
});

describe('topics', () => {
  const line = (seq: number) => ({ seq, service: 'web', stream: 'stdout' as const, at: '', text: 'x' });

  it('a stream waits for its reader: what is not taken is not sent', async () => {
    let pushed = 0;
    const { bridge, screen } = connect({
      subscribe: (_topic, _params, sink) => {
        void (async () => {
          for (; pushed < 100; pushed++) await sink.push({ append: [line(pushed)] });
        })();
        return () => undefined;
      },
    });
    // A reader that takes nothing: its port is silent.
    screen.onMessage(() => undefined);
    bridge.subscribe('logs', { appId: 'a'.repeat(26) }, { onMessage: () => undefined, onEnd: () => undefined });
    await tick();
    expect(pushed).toBeLessThan(10);
  });

  it('a stream flows while it is read, and its end is told once', async () => {
    const got: number[] = [];
    const ends: unknown[] = [];
    const { bridge } = connect({
      subscribe: (_topic, _params, sink) => {
        void (async () => {
          for (let seq = 0; seq < 100; seq++) await sink.push({ append: [line(seq)] });
          sink.end(null);
          sink.end(null);
        })();
        return () => undefined;
      },
    });
    await new Promise<void>((resolve) =>
      bridge.subscribe(
        'logs',
        { appId: 'a'.repeat(26) },
        {
          onMessage: ({ append }) => void got.push(...append.map(({ seq }) => seq)),
          onEnd: (why) => {
            ends.push(why);
            resolve();
          },
        },
      ),
    );
    await tick();
    expect(got).toHaveLength(100);
    expect(ends).toEqual([null]);
  });

  it('unsubscribing stops the source, and so does a page that goes away', async () => {
    let stopped = 0;
    const { bridge, served } = connect({ subscribe: () => () => void stopped++ });
    const stop = bridge.subscribe('session', {}, { onMessage: () => undefined, onEnd: () => undefined });
    bridge.subscribe('nodes', {}, { onMessage: () => undefined, onEnd: () => undefined });
    await tick();
    stop();
    await tick();
    expect(stopped).toBe(1);
    served.close();
    expect(stopped).toBe(2);
  });
});

it('carries document bytes both ways and tells why a document closed', async () => {
  const events: unknown[] = [];
  const { bridge } = connect({
    openDocument: (name, listener) => ({
      send: (bytes) => {
        listener.onData(Uint8Array.from([...bytes, 9]));
        if (bytes.length === 0) listener.onClose(4403, name);
      },
      close: () => void events.push('closed by page'),
    }),
  });
  const document = bridge.openDocument('fleet', {
    onOpen: () => void events.push('open'),
    onData: (bytes) => void events.push([...bytes]),
    onClose: (code, reason) => void events.push([code, reason]),
  });
  await tick();
  document.send(Uint8Array.from([1]));
  await tick();
  document.send(new Uint8Array(0));
  await tick();
  expect(events).toEqual(['open', [1, 9], [9], [4403, 'fleet']]);
});

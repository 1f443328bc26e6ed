import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallName, calls, serveBridge, type TopicName, topics } from '#shared/contracts/ipc/index.ts';
import { createPortPair } from '#shared/contracts/ipc/port-pair.ts';
import { ok } from '#shared/kernel/index.ts';
import { createExposedBridge } from './exposed-bridge.ts';

const listener = { onMessage: () => undefined, onEnd: () => undefined };
const documentListener = { onOpen: () => undefined, onData: () => undefined, onClose: () => undefined };

function setUp() {
  const [page, host] = createPortPair();
  const posted: unknown[] = [];
  const reached: string[] = [];
  const served = serveBridge(
    host,
    {
      call: async (name) => {
        reached.push(name);
        return ok({} as never);
      },
      subscribe: (topic) => {
        reached.push(topic);
        return () => undefined;
      },
      openDocument: (name) => {
        reached.push(name);
        return { send: () => undefined, close: () => undefined };
      },
    },
    () => undefined,
  );
  const bridge = createExposedBridge({
    ...page,
    post: (message) => {
      posted.push(message);
      page.post(message);
    },
  });
  return { bridge, posted, reached, served };
}

describe('A8-30: what a page can do with the exposed functions', () => {
  it('there are three, and nothing else', () => {
    expect(Object.keys(setUp().bridge).sort()).toEqual(['call', 'openDocument', 'subscribe']);
  });

  it('every name of the tables is taken', async () => {
    const { bridge, posted } = setUp();
    for (const name of Object.keys(calls) as CallName[]) void bridge.call(name, {} as never);
    for (const name of Object.keys(topics) as TopicName[]) bridge.subscribe(name, {} as never, listener);
    bridge.openDocument('fleet', documentListener);
    expect(posted).toHaveLength(Object.keys(calls).length + Object.keys(topics).length + 1);
  });

  it('generated names, inputs and listeners either throw a TypeError or send a message of the contract', async () => {
    const name = fc.oneof(
      fc.anything(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'fleet', 'app:../x', 'call', 'session', 'exportAudit'),
      fc.constantFrom(...Object.keys(calls), ...Object.keys(topics)),
    );
    const value = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
      fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')),
      fc.constant({ path: '../../etc/passwd', appId: 'x'.repeat(1_000_000) }),
      fc.constant(listener),
      fc.constant(documentListener),
    );
    await fc.assert(
      fc.asyncProperty(name, value, value, async (first, second, third) => {
        const { bridge, posted, served } = setUp();
        for (const use of [
          () => bridge.call(first as never, second as never),
          () => bridge.subscribe(first as never, second as never, third as never),
          () => bridge.openDocument(first as never, second as never),
        ]) {
          const before = posted.length;
          try {
            // Not awaited: a call with an input that fits waits for its answer.
            const outcome: unknown = use();
            if (outcome instanceof Promise) outcome.catch((error) => expect(error).toBeInstanceOf(Error));
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            continue;
          }
          for (const message of posted.slice(before) as { type: string; name?: string; topic?: string }[]) {
            expect(['call', 'subscribe', 'open']).toContain(message.type);
            if (message.type === 'call') expect(Object.hasOwn(calls, message.name ?? '')).toBe(true);
            if (message.type === 'subscribe') expect(Object.hasOwn(topics, message.topic ?? '')).toBe(true);
          }
        }
        served.close();
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('a name that is not in the tables never leaves the page', async () => {
    const { bridge, posted } = setUp();
    for (const name of ['rm', '__proto__', 'constructor', 'hasOwnProperty', '', 7, null, {}, ['exportAudit']]) {
      await expect(bridge.call(name as never, {} as never)).rejects.toThrow(TypeError);
      expect(() => bridge.subscribe(name as never, {} as never, listener)).toThrow(TypeError);
      expect(() => bridge.openDocument(name as never, documentListener)).toThrow(TypeError);
    }
    expect(() => bridge.subscribe('nodes', {}, {} as never)).toThrow(TypeError);
    expect(() => bridge.subscribe('nodes', {}, null as never)).toThrow(TypeError);
    expect(() => bridge.openDocument('fleet', { onOpen: () => undefined } as never)).toThrow(TypeError);
    expect(posted).toEqual([]);
  });
});

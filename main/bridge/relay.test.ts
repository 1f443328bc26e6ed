import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallName, calls } from '#shared/contracts/ipc/index.ts';
import { fault } from '#shared/kernel/index.ts';
import { isPersonCall } from './person-calls.ts';
import { freshRelay, type RelayEffect, type RelayEvent, type RelayState, stepRelay } from './relay.ts';

const refusal = fault('desktop.declined', 'denied', 'no', 'again');
const planId = 'p1';
const call = (id: number, name: CallName, input: unknown = {}): RelayEvent => ({
  type: 'screen',
  message: { type: 'call', id, name, input },
});
const subscribe = (id: number, topic: string): RelayEvent => ({
  type: 'screen',
  message: { type: 'subscribe', id, topic, params: {} },
});

function run(events: readonly RelayEvent[]): { state: RelayState; effects: RelayEffect[] } {
  let state = freshRelay;
  const effects: RelayEffect[] = [];
  for (const event of events) {
    const step = stepRelay(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const toHost = (effects: readonly RelayEffect[]) => effects.flatMap((one) => (one.to === 'host' ? [one.message] : []));
const toScreen = (effects: readonly RelayEffect[]) =>
  effects.flatMap((one) => (one.to === 'screen' ? [one.message] : []));
const questions = (effects: readonly RelayEffect[]) =>
  effects.flatMap((one) => (one.to === 'person' ? [one.question] : []));

describe('P1: what is signed passes a person', () => {
  it('exactly the calls of the table wait, all others go on at once', () => {
    for (const name of Object.keys(calls) as CallName[]) {
      const { effects } = run([call(1, name)]);
      expect([name, effects.map((one) => one.to)]).toEqual([name, [isPersonCall(name) ? 'person' : 'host']]);
    }
  });

  it('a confirmed call goes on as it was asked, a refused one is answered and never reaches the host', () => {
    const asked = call(7, 'confirmPlan', { planId });
    const agreed = run([asked, { type: 'judged', id: 7, refusal: null }]);
    expect(toHost(agreed.effects)).toEqual([{ type: 'call', id: 7, name: 'confirmPlan', input: { planId } }]);
    const refused = run([asked, { type: 'judged', id: 7, refusal }]);
    expect(toHost(refused.effects)).toEqual([]);
    expect(toScreen(refused.effects)).toEqual([{ type: 'answer', id: 7, result: { ok: false, error: refusal } }]);
  });

  it('a second answer of the person does nothing, also after a refusal', () => {
    const twice = run([
      call(7, 'confirmPlan', { planId }),
      { type: 'judged', id: 7, refusal },
      { type: 'judged', id: 7, refusal: null },
    ]);
    expect(toHost(twice.effects)).toEqual([]);
    const agreedTwice = run([
      call(7, 'confirmPlan', { planId }),
      { type: 'judged', id: 7, refusal: null },
      { type: 'judged', id: 7, refusal: null },
    ]);
    expect(toHost(agreedTwice.effects)).toHaveLength(1);
  });

  it('a call under the id of one that waits is dropped: it can not take over the answer', () => {
    const { effects } = run([
      call(7, 'confirmPlan', { planId }),
      call(7, 'confirmPlan', { planId: 'other' }),
      call(7, 'exportAudit'),
      { type: 'judged', id: 7, refusal: null },
    ]);
    expect(toHost(effects)).toEqual([{ type: 'call', id: 7, name: 'confirmPlan', input: { planId } }]);
    expect(questions(effects)).toHaveLength(1);
  });

  it('a claim is finished as it was shown: no other one begins while the person looks', () => {
    const begin = (id: number, fleetName: string) => call(id, 'beginClaim', { fleetName });
    const answered = (id: number, isOk: boolean): RelayEvent => ({
      type: 'host',
      message: { type: 'answer', id, result: isOk ? { ok: true, value: {} } : { ok: false, error: refusal } },
    });
    const failed = run([
      begin(1, 'home'),
      answered(1, true),
      begin(2, 'other'),
      answered(2, false),
      call(3, 'finishClaim'),
    ]);
    expect(questions(failed.effects)).toMatchObject([{ begun: { fleetName: 'home' } }]);
    const swapped = run([begin(1, 'home'), answered(1, true), call(2, 'finishClaim'), begin(3, 'other')]);
    expect(toHost(swapped.effects).map(({ type, ...one }) => [type, 'id' in one && one.id])).toEqual([['call', 1]]);
    expect(toScreen(swapped.effects).at(-1)).toMatchObject({
      id: 3,
      result: { error: { code: 'desktop.prompt-open' } },
    });
    const early = run([begin(1, 'home'), call(2, 'finishClaim')]);
    expect(questions(early.effects)).toEqual([]);
  });

  it('a page that went away signs nothing by an answer that comes later', () => {
    const { effects } = run([
      call(7, 'confirmPlan', { planId }),
      { type: 'screen', message: { type: 'bye' } },
      { type: 'judged', id: 7, refusal: null },
    ]);
    expect(toHost(effects)).toEqual([{ type: 'bye' }]);
  });

  it('the question of a claim carries what the same page began', () => {
    const begun = { setupCode: 'x', fleetName: 'home', personName: 'Ann', deviceName: 'laptop' };
    const taken: RelayEvent = { type: 'host', message: { type: 'answer', id: 1, result: { ok: true, value: {} } } };
    const { effects } = run([call(1, 'beginClaim', begun), taken, call(2, 'finishClaim', { words: [] })]);
    expect(questions(effects)).toEqual([{ id: 2, name: 'finishClaim', input: { words: [] }, begun }]);
  });

  it('whatever a page sends in whatever order, no such call reaches the host without an answer for its id', () => {
    const names = fc.constantFrom(...(Object.keys(calls) as CallName[]));
    const id = fc.integer({ min: 1, max: 4 });
    const event: fc.Arbitrary<RelayEvent> = fc.oneof(
      fc.tuple(id, names).map(([one, name]) => call(one, name)),
      id.map((one) => ({ type: 'judged' as const, id: one, refusal })),
      id.map((one) => ({
        type: 'host' as const,
        message: { type: 'answer', id: one, result: { ok: true, value: 1 } },
      })),
      fc.constantFrom<RelayEvent>(
        { type: 'host-gone' },
        { type: 'host-back' },
        { type: 'screen', message: { type: 'bye' } },
      ),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const signed = toHost(run(events).effects).filter((one) => one.type === 'call' && isPersonCall(one.name));
        return signed.length === 0;
      }),
    );
  });
});

describe('A8-30: messages of other shapes', () => {
  it.each([
    [null],
    ['text'],
    [{ type: 'call', id: 1, name: '__proto__', input: {} }],
    [{ type: 'call', id: 1, name: 'rm', input: {} }],
    [{ type: 'call', id: -1, name: 'exportAudit', input: {} }],
    [{ type: 'call', id: 1, name: 'exportAudit', input: {}, more: 1 }],
    [{ type: 'open', id: 1, document: '../fleet' }],
    [{ type: 'data', id: 1, bytes: 'text' }],
  ])('%j reaches nobody', (message) => {
    const { effects } = run([{ type: 'screen', message }]);
    expect(effects.map((one) => one.to)).toEqual(['log']);
  });

  it('an answer of the host to a call that waits for a person is not passed on', () => {
    const { effects } = run([
      call(7, 'confirmPlan', { planId }),
      { type: 'host', message: { type: 'answer', id: 7, result: { ok: true, value: {} } } },
    ]);
    expect(toScreen(effects)).toEqual([]);
  });
});

describe('a host that ends', () => {
  const open: RelayEvent[] = [
    subscribe(1, 'nodes'),
    { type: 'screen', message: { type: 'subscribe', id: 2, topic: 'nodeLogs', params: { nodeId: 'a'.repeat(26) } } },
    { type: 'screen', message: { type: 'open', id: 3, document: 'fleet' } },
    call(4, 'exportAudit'),
    call(5, 'confirmPlan', { planId }),
  ];

  it('answers what it had, ends streams and documents, and gets its topics again', () => {
    const before = run(open);
    const gone = stepRelay(before.state, { type: 'host-gone' });
    expect(toScreen(gone.effects).map((one) => [one.type, 'id' in one ? one.id : 0])).toEqual([
      ['answer', 4],
      ['end', 2],
      ['closed', 3],
    ]);
    const back = stepRelay(gone.state, { type: 'host-back' });
    expect(toHost(back.effects)).toMatchObject([{ type: 'subscribe', id: 1, topic: 'nodes' }]);
  });

  it('what was confirmed while it was away is not sent to the next one unseen', () => {
    const { effects } = run([...open, { type: 'host-gone' }, { type: 'judged', id: 5, refusal: null }]);
    expect(toHost(effects).filter((one) => one.type === 'call' && one.id === 5)).toEqual([]);
    expect(toScreen(effects).at(-1)).toMatchObject({ id: 5, result: { error: { code: 'desktop.host-ended' } } });
  });

  it('what is asked meanwhile is answered, not kept', () => {
    const { effects } = run([
      { type: 'host-gone' },
      call(1, 'exportAudit'),
      subscribe(2, 'nodes'),
      { type: 'host-back' },
    ]);
    expect(toScreen(effects)).toMatchObject([{ id: 1, result: { ok: false } }]);
    expect(toHost(effects)).toMatchObject([{ type: 'subscribe', id: 2 }]);
  });
});

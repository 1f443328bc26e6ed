import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReleaseBody, releaseBodySchema } from './release-body.ts';
import { contentHashOf, ordersOf, type ReleaseHistory, type ReleaseOrder } from './release-orders.ts';

const body = (state: 'running' | 'stopped' | 'removed', image = 'app:1', more: object = {}): ReleaseBody =>
  releaseBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'web',
    state,
    compose: `services:\n  web:\n    image: ${image}\n`,
    images: { web: { ref: image, digest: null } },
    ...more,
  });
const knowing = (accepted: ReleaseBody | null, more: Partial<ReleaseHistory> = {}): ReleaseHistory => ({
  accepted,
  running: accepted,
  isEarlier: false,
  ...more,
});
const [running, stopped, removed] = [body('running'), body('stopped'), body('removed')];

describe('REL-18: what a release does', () => {
  it.each<[string, ReleaseBody, ReleaseHistory, readonly ReleaseOrder[]]>([
    ['the first of an app', running, knowing(null), [['deploy']]],
    ['new content', body('running', 'app:2'), knowing(running), [['deploy']]],
    ['the same again', running, knowing(running), [['deploy', 'rollback']]],
    ['content of before', running, knowing(body('running', 'app:2'), { isEarlier: true }), [['deploy', 'rollback']]],
    ['a stop', stopped, knowing(running), [['stop']]],
    ['a stop with new content', body('stopped', 'app:2'), knowing(running), [['stop'], ['deploy']]],
    ['a stop that comes first', stopped, knowing(null), [['stop'], ['deploy']]],
    ['new content of a stopped app', body('stopped', 'app:2'), knowing(stopped), [['deploy']]],
    ['a stop again', stopped, knowing(stopped), [['stop', 'deploy', 'rollback']]],
    ['a start', running, knowing(stopped), [['start', 'deploy', 'rollback']]],
    ['a start with new content', body('running', 'app:2'), knowing(stopped), [['deploy']]],
    ['a removal', removed, knowing(running), [['remove']]],
    ['a removal of a stopped app', removed, knowing(stopped), [['remove']]],
    ['a removal with new content', body('removed', 'app:2'), knowing(running), [['remove'], ['deploy']]],
    ['the data of a removed app', body('removed', 'app:1', { deleteVolumes: ['a'] }), knowing(removed), [['remove']]],
    ['a removed app back', running, knowing(removed), [['deploy', 'rollback']]],
    ['a removed app back, stopped', stopped, knowing(removed), [['stop'], ['deploy', 'rollback']]],
  ])('REL-18: %s', (_, next, history, orders) => {
    expect(ordersOf(next, history)).toEqual(orders);
  });

  it('REL-18: after a release that failed, a stop is of what runs', () => {
    const failed = body('running', 'app:2');
    expect(ordersOf(stopped, knowing(failed, { running }))).toEqual([['stop']]);
    expect(ordersOf(body('stopped', 'app:3'), knowing(failed, { running }))).toEqual([['stop'], ['deploy']]);
  });

  it('REL-18: content has one name whatever its state and its bytes, other content another', () => {
    const name = contentHashOf(running);
    const anew = Object.fromEntries(
      [...Object.entries({ ...running, later: [], more: null })].reverse(),
    ) as ReleaseBody;
    for (const same of [stopped, removed, anew, body('removed', 'app:1', { deleteVolumes: ['a'] })])
      expect(contentHashOf(same)).toBe(name);
    for (const other of [
      body('running', 'app:2'),
      body('running', 'app:1', { env: { A: '1' } }),
      { ...running, name: 'x' },
    ])
      expect(contentHashOf(other)).not.toBe(name);
  });

  it('REL-18: what is no app is a deploy', () => {
    const connector = { v: 1, kind: 'connector', name: 'dns', state: 'removed', vendor: 'cloudflare', settings: {} };
    expect(ordersOf(releaseBodySchema.parse(connector), knowing(running))).toEqual([['deploy']]);
    expect(ordersOf(stopped, knowing(releaseBodySchema.parse(connector)))).toEqual([['stop'], ['deploy']]);
  });

  it('REL-18: without deploy no content comes that was not here, and without the verb no state', () => {
    const any = fc
      .tuple(fc.constantFrom('running', 'stopped', 'removed'), fc.constantFrom('app:1', 'app:2', 'app:3'))
      .map(([state, image]) => body(state as 'running', image));
    fc.assert(
      fc.property(any, any, any, fc.boolean(), (next, accepted, last, isEarlier) => {
        const orders = ordersOf(next, { accepted, running: last, isEarlier });
        const may = (...verbs: string[]) => orders.every((order) => order.some((verb) => verbs.includes(verb)));
        const known = isEarlier || [accepted, last].some((one) => composeOf(one) === composeOf(next));
        if (!known) expect(may('stop', 'start', 'remove', 'rollback')).toBe(false);
        expect(may('stop', 'start', 'deploy', 'rollback')).toBe(next.state !== 'removed');
        if (next.state === 'stopped' && accepted.state === 'running') expect(may('deploy', 'rollback')).toBe(false);
      }),
    );
  });
});

function composeOf(body: ReleaseBody): string {
  return body.kind === 'app' ? body.compose : '';
}

import { expect, it } from 'vitest';
import { orderInput } from './order-input.ts';

it('P4: data goes only with a removal, and only by a name that was typed', () => {
  expect(orderInput({ action: 'remove', confirmName: 'web' }, 'id')).toEqual({
    appId: 'id',
    verb: 'remove',
    deleteData: { confirmName: 'web' },
  });
  expect(orderInput({ action: 'remove' }, 'id')).toEqual({ appId: 'id', verb: 'remove' });
  for (const action of ['stop', 'start', 'rollback'] as const)
    expect(orderInput({ action, confirmName: 'web' }, 'id')).toEqual({ appId: 'id', verb: action });
});

it('a release is named only by a rollback', () => {
  expect(orderInput({ action: 'rollback', number: 3 }, 'id')).toEqual({ appId: 'id', verb: 'rollback', number: 3 });
  expect(orderInput({ action: 'stop', number: 3 }, 'id')).toEqual({ appId: 'id', verb: 'stop' });
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import { homeFromEnvironment, makeHome } from './home.ts';
import { dropPendingJoin, type PendingJoin, readPendingJoin, writePendingJoin } from './pending-join.ts';

test('P5: a join that was shown its code is found again, until it is done', () => {
  const home = homeFromEnvironment({ OVERSEER_HOME: join(temporaryFolder(), 'home') });
  makeHome(home);
  expect(readPendingJoin(home)).toBeUndefined();
  const pending: PendingJoin = {
    fleet: 'f'.repeat(64),
    coreSpki: 'c'.repeat(64),
    answer: { approver: 'a'.repeat(26), nonce: 'A'.repeat(43) },
  };
  writePendingJoin(home, pending);
  expect(readPendingJoin(home)).toMatchObject(pending);
  dropPendingJoin(home);
  expect(readPendingJoin(home)).toBeUndefined();
});

import { expect, it } from 'vitest';
import {
  addPerson,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  seededRandom,
  testId,
} from '#shared/trust/testing/test-fleet.ts';
import { openRow, signRow } from './row.ts';

it('LOG-21: a grant that names nodes lets rows only of the apps be edited that it names too', async () => {
  const fleet = await createTestFleet('row grants');
  const viewer = await createActor('viewer of row grants');
  const [app, other, writer] = ['app', 'other', 'writer'].map(testId) as [string, string, string];
  const added = await addPerson(fleet.state, fleet.owner, viewer, 'viewer');
  const give = (limits: object) =>
    extend(added, fleet.owner, {
      kind: 'grant',
      grantId: testId('grant'),
      to: { deviceId: viewer.id },
      role: 'operator',
      nodes: [fleet.node.id],
      ...limits,
    });
  const update = seededRandom('update').bytes(16);
  const edit = async (state: typeof added, doc: string) => {
    const fields = { fleet: state.fleet, trustHead: state.head, auditHead: null, doc, writer, seq: 1, prevHash: null };
    return codeOf(await openRow(await signRow({ ...fields, update }, viewer.key.signer), state));
  };
  const [wide, narrow] = [await give({}), await give({ apps: [app] })];
  expect(await Promise.all([`app:${app}`, 'fleet'].map((doc) => edit(wide, doc)))).toEqual([
    'trust.not-allowed',
    'trust.not-allowed',
  ]);
  expect(await Promise.all([`app:${app}`, `app:${other}`, 'fleet'].map((doc) => edit(narrow, doc)))).toEqual([
    'ok',
    'trust.not-allowed',
    'trust.not-allowed',
  ]);
});

import { expect, it } from 'vitest';
import { planRelease } from '#shared/domain/apps/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import { createScriptedDevice } from '#shared/testing/scripted-device.ts';
import { addScriptedNode } from '#shared/testing/scripted-node.ts';
import { appDocument, readFleetView } from '../apps/find-app.ts';
import { openingsOf, prepareClosing, prepareOpening } from './openings.ts';

const media = { name: 'media', what: 'folder', path: '/srv/media', readOnly: true } as const;

async function start() {
  const device = await createScriptedDevice();
  const { identity: node } = await addScriptedNode(device, 'n1');
  const replica = unwrap(await device.fleet.replica());
  const open = (wish: Parameters<typeof prepareOpening>[2]['wish'] = media) =>
    prepareOpening(device.context, replica, { node, wish });
  const close = () => prepareClosing(replica, { node, wish: media });
  const openings = () => openingsOf(unwrap(readFleetView(replica)), node.nodeId);
  return { node, replica, open, close, openings };
}

it('opens under a name once it is confirmed, and closes and opens again under the same id', async () => {
  const { open, close, openings } = await start();
  const first = unwrap(open());
  expect(openings()).toEqual([]);
  unwrap(await first.follow());
  expect(openings()).toMatchObject([media]);
  const closing = unwrap(close());
  expect(closing.settings.body).toMatchObject({ ...media, state: 'removed' });
  unwrap(await closing.follow());
  expect(openings()).toEqual([]);
  const again = unwrap(open({ ...media, readOnly: false }));
  expect(again.settings.appId).toBe(first.settings.appId);
  expect(again.blocked).toEqual([]);
});

it('says in a line of the plan who may do what with which path', async () => {
  const { open } = await start();
  const { body } = unwrap(open()).settings;
  const lines = (previous: typeof body | null, next: typeof body) => planRelease({ previous, next }).lines;
  expect(lines(null, body)).toMatchObject([{ change: 'add', text: expect.stringContaining('/srv/media as "media"') }]);
  expect(lines(body, body)).toEqual([]);
  expect(lines(body, { ...body, readOnly: false })).toMatchObject([
    { change: 'change', text: expect.stringMatching(/may read it → .* may read and write it/) },
  ]);
  expect(lines(body, { ...body, state: 'removed' }).at(-1)).toMatchObject({ change: 'remove' });
});

it('closing names the apps that use it, and what is not open is said by name', async () => {
  const { node, replica, open, close } = await start();
  expect(close()).toMatchObject({ ok: false, error: { code: 'opening.unknown' } });
  unwrap(await unwrap(open()).follow());
  const appId = 'a'.repeat(26);
  const exception = { rule: 'host-folder', service: 'web', value: 'opened media:/media:ro', reason: 'films' };
  unwrap(await replica.edit('fleet', (editor) => void editor.addItem('apps', { appId, name: 'jellyfin' })));
  unwrap(
    await replica.edit(appDocument(appId), (editor) => {
      editor.set('name', 'jellyfin');
      editor.set('node', node.nodeId);
      editor.addItem('exceptions', exception);
    }),
  );
  expect(unwrap(close()).blocked).toMatchObject([{ code: 'opening.in-use', detail: { apps: 'jellyfin' } }]);
  // The node may have refused the first path, so the app that names it waits for the second.
  expect(unwrap(open({ ...media, path: '/srv/other' })).blocked).toEqual([]);
  unwrap(await replica.edit(appDocument(appId), (editor) => editor.set('state', 'stopped')));
  expect(unwrap(close()).blocked).toEqual([]);
});

it.each(['', 'Media', 'a b', 'opened x', '-a', 'a:b'])('%j is no name for an opening', async (name) => {
  const { open } = await start();
  expect(open({ ...media, name })).toMatchObject({ ok: false, error: { code: 'opening.bad-name', field: 'name' } });
});

it('host-system: no path that rules the node is even planned', async () => {
  const { open } = await start();
  expect(open({ ...media, path: '/etc' })).toMatchObject({ ok: false, error: { code: 'opening.bad-path' } });
});

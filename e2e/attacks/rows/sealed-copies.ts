import { randomBytes } from 'node:crypto';
import {
  addDevice,
  extended,
  newId,
  plainBody,
  releaseMessage,
  sealedCopy,
  signEntry,
  signRelease,
} from '../evil/orders.ts';
import { makeDevice } from '../evil/stolen-device.ts';
import type { AttackRow, Verdict } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';
import { findInFolder } from './canaries.ts';

const OPEN_WITHIN_MS = 15_000;

/** A device that may deploy app A, and nothing else, names a sealed copy; what the node then holds in memory tells. */
async function deployNaming(stage: FleetStage, sealedFor: 'a' | 'b'): Promise<Verdict> {
  const { trust, owner, nodeIds } = stage.disks;
  const apps = { a: newId(), b: newId() };
  const device = await makeDevice('of a colleague');
  const personId = newId();
  const person = await signEntry(trust, { kind: 'add-person', personId, name: 'colleague', role: 'viewer' }, owner);
  const withPerson = await extended(trust, [person]);
  const added = await signEntry(withPerson, addDevice(device, personId), owner);
  const withDevice = await extended(withPerson, [added]);
  const grant = { kind: 'grant', grantId: newId(), to: { personId }, role: 'operator', apps: [apps.a] } as const;
  const granted = await signEntry(withDevice, { ...grant, apps: [...grant.apps] }, owner);
  const known = await extended(withDevice, [granted]);

  const canary = `canary-${randomBytes(16).toString('hex')}`;
  const copy = await sealedCopy({ trust, node: nodeIds.a, appId: apps[sealedFor], name: 'token', value: canary });
  const uses = [{ as: 'file', service: 'web', path: '/run/secrets/token' }];
  const body = plainBody('web', 'lab/web:1', { secrets: [{ name: 'token', sha256: copy.hash, uses }] });
  const about = { trust: known, by: device, node: nodeIds.a, appId: apps.a, number: 1, previous: null, body };
  const release = await signRelease(about);

  const node = await stage.node('a', { hasEngine: true });
  await node.teach([person, added, granted]);
  const evil = await stage.evilCore();
  const since = evil.mark();
  const from = performance.now();
  const object = { hash: copy.hash, data: copy.data };
  const accepted = await node.deliver({ ...releaseMessage([release]), objects: [object] }, release.header);
  if (!accepted.took) throw new Error(`the release itself was not taken: ${accepted.saw}`);
  const folder = node.memoryFolder();
  let ended: string | undefined;
  while (performance.now() - from < OPEN_WITHIN_MS) {
    if (findInFolder(folder, [{ name: 'secret', text: canary }]).length > 0)
      return { took: true, saw: 'the secret lies open in the memory of the app' };
    if (ended !== undefined) break;
    ended = await evil.hear(
      node.id,
      (message) => (message.type === 'outcome' && message.header === release.header ? message.fault?.code : undefined),
      { since, timeoutMs: 50 },
    );
  }
  return { took: false, saw: `never opened; the release ended with ${ended}`, refusalMs: [performance.now() - from] };
}

/** A8-41. */
export const foreignCopy: AttackRow<FleetStage> = {
  id: 41,
  attacks: [
    {
      name: 'the sealed copy of app B in a release of app A',
      checks: ['secret-binding'],
      run: (stage) => deployNaming(stage, 'b'),
    },
  ],
  honest: [{ name: 'the sealed copy of app A', run: (stage) => deployNaming(stage, 'a') }],
};

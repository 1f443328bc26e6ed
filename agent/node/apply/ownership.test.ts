import { describe, expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { ownLabels, projectName } from '../engine/naming.ts';
import { checkOwnership } from './ownership.ts';
import { createMemoryOwnership } from './testing/memory-ownership.ts';

const appId = 'a'.repeat(26);
const fleet = 'f'.repeat(64);
const project = projectName(appId);
const objects = { volumes: [`ov_${appId}_data`], networks: [`ov_${appId}_default`] };

function engine(state: { containers?: object[]; volume?: object; network?: object }): Engine {
  return {
    docker: { listContainers: async () => state.containers ?? [] },
    volume: async () => state.volume,
    network: async () => state.network,
  } as unknown as Engine;
}
const container = (labels: object, name = `${project}-web-1`) => ({ Names: [`/${name}`], Labels: labels });
const labels = ownLabels(fleet, appId);
const inProject = { ...labels, 'com.docker.compose.project': project };

async function check(state: Parameters<typeof engine>[0], recorded: boolean) {
  const ownership = createMemoryOwnership();
  if (recorded) {
    await ownership.record('container-project', project, appId);
    await ownership.record('volume', `ov_${appId}_data`, appId);
    await ownership.record('network', `ov_${appId}_default`, appId);
  }
  const result = await checkOwnership(engine(state), ownership, { fleet, appId, objects });
  return result.ok ? 'ours' : result.error.code;
}

describe('P4: what we may touch', () => {
  test.each<[string, Parameters<typeof engine>[0], boolean, string]>([
    ['nothing there', {}, false, 'ours'],
    [
      'recorded and labelled',
      { containers: [container(inProject)], volume: { Labels: labels }, network: { Labels: labels } },
      true,
      'ours',
    ],
    ['a forged label without a record', { containers: [container(inProject)] }, false, 'own.foreign-object'],
    [
      'a record without the label',
      { containers: [container({ 'com.docker.compose.project': project })] },
      true,
      'own.foreign-object',
    ],
    ['our name without the project', { containers: [container({})] }, true, 'own.foreign-object'],
    [
      'another fleet',
      { containers: [container({ ...inProject, ...ownLabels('e'.repeat(64), appId) })] },
      true,
      'own.foreign-object',
    ],
    ['a foreign volume', { volume: { Labels: null } }, true, 'own.foreign-object'],
    ['a labelled volume without a record', { volume: { Labels: labels } }, false, 'own.foreign-object'],
    ['a foreign network', { network: { Labels: {} } }, true, 'own.foreign-object'],
    ['somebody else’s container', { containers: [container({}, 'nginx')] }, true, 'ours'],
    ['a container of another app of ours', { containers: [container({}, 'ov-bbb-web-1')] }, false, 'ours'],
  ])('%s', async (_, state, recorded, expected) => {
    expect(await check(state, recorded)).toBe(expected);
  });
});

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Attack, AttackRow } from '../row.ts';
import type { EngineStage, Inspected } from '../world/engine-world.ts';
import { orderCompose } from './engine-verdicts.ts';

/** A folder of the node that no app was given, with what a reader of Compose files would follow into it. */
const HOST_FOLDER = '/srv/attack';
const hostFiles = {
  'stolen.env': 'STOLEN=from-the-host\n',
  'base.yaml': 'services:\n  base:\n    environment: {STOLEN: from-the-host}\n',
  'more.yaml': 'services:\n  more:\n    image: lab/web:2\n',
};

function putHostFiles(stage: EngineStage): void {
  const folder = stage.nodePath(HOST_FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(hostFiles)) writeFileSync(`${folder}/${name}`, text);
}

const hasStolen = (made: readonly Inspected[]) =>
  made.some(({ Config }) => Config.Env.includes('STOLEN=from-the-host'));

const effect = (
  name: string,
  checks: Attack<EngineStage>['checks'],
  order: Parameters<typeof orderCompose>[2],
  shows: (made: readonly Inspected[], stage: EngineStage) => boolean | Promise<boolean>,
): Attack<EngineStage> => ({
  name,
  checks,
  run(stage) {
    putHostFiles(stage);
    return orderCompose(stage, name, order, (made) => shows(made, stage));
  },
});

/** Whether a command inside the first container of an app ends well. */
async function insideEnds(stage: EngineStage, made: readonly Inspected[], ...command: string[]): Promise<boolean> {
  const name = made[0]?.Name.slice(1);
  return name !== undefined && (await stage.world.docker(['exec', name, ...command])).code === 0;
}

const busybox = (line: string, top = '') =>
  `services:\n  web:\n    image: busybox:1.36\n    init: true\n    command: [sleep, "600"]\n    ${line}\n${top}`;
const busyboxBody = { images: { web: { ref: 'busybox:1.36', digest: null } } };

/** A8-43. */
export const composeEffects: AttackRow<EngineStage> = {
  id: 43,
  attacks: [
    effect('env_file of the host', ['gate-text'], { service: `env_file: ${HOST_FOLDER}/stolen.env` }, hasStolen),
    effect(
      'extends a file of the host',
      ['gate-text'],
      { service: `extends: {file: ${HOST_FOLDER}/base.yaml, service: base}` },
      hasStolen,
    ),
    effect('include of the host', ['gate-text'], { top: `include: ["${HOST_FOLDER}/more.yaml"]` }, (made) =>
      made.some(({ Config }) => Config.Image.startsWith('lab/web:2')),
    ),
    effect(
      'a hook after the start',
      ['gate-text', 'gate-model'],
      { compose: busybox('post_start: [{command: [touch, /tmp/hooked]}]'), body: busyboxBody },
      (made, stage) => insideEnds(stage, made, 'test', '-f', '/tmp/hooked'),
    ),
    effect(
      'the socket of the engine, asked for by its own key',
      ['gate-text', 'gate-model'],
      { service: 'use_api_socket: true' },
      (made) => made.some(({ Mounts }) => Mounts.some(({ Source }) => Source.endsWith('/docker.sock'))),
    ),
  ],
  honest: [
    {
      name: 'an env_file of the stack itself',
      run(stage) {
        const bytes = new TextEncoder().encode('OWN=from-the-stack\n');
        const hash = createHash('sha256').update(bytes).digest('hex');
        const order = {
          service: 'env_file: own.env',
          body: { files: [{ path: 'own.env', sha256: hash }] },
          objects: [{ hash, bytes }],
        };
        return orderCompose(stage, 'own.env', order, (made) =>
          made.some(({ Config }) => Config.Env.includes('OWN=from-the-stack')),
        );
      },
    },
  ],
};

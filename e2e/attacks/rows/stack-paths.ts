import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { AttackRow, Verdict } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { bodyOf, orderCompose } from './engine-verdicts.ts';
import { allOrNone } from './verdicts.ts';

const TRIES = 500;

/** A path that climbs out of the folder of a stack to `/tmp/<name>` of the node, each in another spelling. */
function climbing(index: number): { path: string; lands: string } {
  const name = `escaped-${index}`;
  const ways = ['../', './../', 'a/../../', '..//', '.././', 'a/b/../../../', '\u202E/../../'];
  const way = ways[index % ways.length] ?? '../';
  const climbs = 4 + (Math.floor(index / ways.length) % 9);
  return { path: `${way.repeat(climbs)}tmp/${name}`, lands: `/tmp/${name}` };
}

/** Orders a stack with such a file; its image is not there, so that nothing ever starts. */
async function writeOutside(stage: EngineStage, index: number): Promise<Verdict> {
  const { path, lands } = climbing(index);
  const bytes = new TextEncoder().encode(`escaped ${index}`);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const image = 'lab/not-there:1';
  const body = {
    ...bodyOf({ compose: `services:\n  web:\n    image: ${image}\n` }),
    images: { web: { ref: image, digest: null } },
    files: [{ path, sha256: hash }],
  };
  const ended = await stage.order(body, { objects: [{ hash, bytes }] });
  const took = existsSync(stage.nodePath(lands));
  if (!took && ended.code !== 'release.bad-path') throw new Error(`${path}: ended with ${ended.code}`);
  return { took, saw: `${JSON.stringify(path)}: ${ended.code}`, refusalMs: [ended.tookMs] };
}

/** A8-19. */
export const stackPaths: AttackRow<EngineStage> = {
  id: 19,
  attacks: [
    {
      name: `${TRIES} paths of files that climb out of the stack`,
      checks: ['stack-path'],
      async run(stage) {
        const before = await stage.engineState();
        const refusalMs: number[] = [];
        for (let index = 0; index < TRIES; index++) {
          const verdict = await writeOutside(stage, index);
          if (verdict.took) return verdict;
          refusalMs.push(...(verdict.refusalMs ?? []));
        }
        if ((await stage.engineState()) !== before) throw new Error('all refused, but the engine has changed');
        return { took: false, saw: `none of ${TRIES} lies outside`, refusalMs };
      },
    },
    {
      name: 'mounts that climb out of the stack',
      checks: ['gate-text', 'gate-model'],
      async run(stage) {
        const verdicts: Verdict[] = [];
        for (const source of ['./../../../../etc', './a/../../../../../etc', '../../../../etc/.'])
          verdicts.push(
            await orderCompose(stage, source, { service: `volumes: ["${source}:/x"]` }, (made) =>
              made.some(({ Mounts }) => Mounts.some(({ Source }) => Source === '/etc')),
            ),
          );
        return allOrNone(verdicts);
      },
    },
  ],
  honest: [
    {
      name: 'a file deep in the stack, mounted',
      run(stage) {
        const bytes = new TextEncoder().encode('own\n');
        const hash = createHash('sha256').update(bytes).digest('hex');
        const order = {
          service: 'volumes: ["./conf/deep/own.txt:/own.txt:ro"]',
          body: { files: [{ path: 'conf/deep/own.txt', sha256: hash }] },
          objects: [{ hash, bytes }],
        };
        return orderCompose(stage, 'conf/deep/own.txt', order, (made) =>
          made.some(({ Mounts }) => Mounts.some(({ Source }) => Source.endsWith('/own.txt'))),
        );
      },
    },
  ],
};

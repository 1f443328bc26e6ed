import { newId } from '../evil/orders.ts';
import type { Attack, AttackRow } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { bodyOf, orderCompose } from './engine-verdicts.ts';

const withVolume = { service: 'volumes: ["data:/data"]', top: 'volumes: {data: {}}' };

/** Labels of our own things, as anybody who looks at the engine can copy them. */
const forgedLabels = (stage: EngineStage, appId: string): string[] => [
  ...['--label', `dev.overseer.fleet=${stage.trust.fleet}`],
  ...['--label', `dev.overseer.app=${appId}`],
];

const planted = (
  kind: string,
  plant: (stage: EngineStage, appId: string) => Promise<void>,
  isTaken: (stage: EngineStage, appId: string) => Promise<boolean>,
): Attack<EngineStage> => ({
  name: `a ${kind} of somebody else, with our name and our labels`,
  checks: ['ownership'],
  async run(stage) {
    const appId = newId();
    await plant(stage, appId);
    const before = await stage.engineState();
    const ended = await stage.order(bodyOf(withVolume), { appId });
    const saw = `${ended.outcome} ${ended.code ?? ''}`;
    if (await isTaken(stage, appId)) return { took: true, saw };
    if (ended.code === null) throw new Error(`${saw}: neither taken over nor refused`);
    if ((await stage.engineState()) !== before) throw new Error(`${saw}: refused, but the engine has changed`);
    return { took: false, saw, refusalMs: [ended.tookMs] };
  },
});

/** A8-42. */
export const foreignNames: AttackRow<EngineStage> = {
  id: 42,
  attacks: [
    planted(
      'volume',
      async (stage, appId) =>
        void (await stage.docker('volume', 'create', ...forgedLabels(stage, appId), `ov_${appId}_data`)),
      async (stage, appId) =>
        (await stage.inspect(appId)).some(({ Mounts }) => Mounts.some(({ Name }) => Name === `ov_${appId}_data`)),
    ),
    planted(
      'network',
      async (stage, appId) =>
        void (await stage.docker('network', 'create', ...forgedLabels(stage, appId), `ov_${appId}_default`)),
      async (stage, appId) => (await stage.inspect(appId)).some(({ State }) => State.Running),
    ),
    planted(
      'container',
      async (stage, appId) => {
        // All that Compose tells its own containers by.
        const facts = {
          project: `ov-${appId}`,
          service: 'web',
          'container-number': '1',
          oneoff: 'False',
          'config-hash': 'x',
        };
        const labels = Object.entries(facts).flatMap(([key, value]) => [
          '--label',
          `com.docker.compose.${key}=${value}`,
        ]);
        const name = ['--name', `ov-${appId}-web-1`];
        await stage.docker('run', '-d', ...name, ...forgedLabels(stage, appId), ...labels, 'lab/web:3');
      },
      async (stage, appId) => !(await stage.inspect(appId)).some(({ Config }) => Config.Image === 'lab/web:3'),
    ),
  ],
  honest: [
    {
      name: 'the same order where nobody has these names, beside what somebody else made',
      async run(stage) {
        await stage.docker('volume', 'create', 'photos');
        return orderCompose(stage, 'own names', withVolume, (made) =>
          made.some(({ Mounts }) => Mounts.some(({ Name }) => Name?.endsWith('_data'))),
        );
      },
    },
  ],
};

import { lab } from '#world/world.ts';
import type { AttackRow, Verdict } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { orderCompose } from './engine-verdicts.ts';

/** Points a tag of lab/web at what another tag means, as whoever holds the registry can. Gives the digest. */
async function moveTag(stage: EngineStage, from: string, to: string): Promise<string> {
  const script = `
    const [registry, from, to] = process.argv.slice(1);
    const type = 'application/vnd.docker.distribution.manifest.v2+json';
    const at = (tag) => registry + '/v2/lab/web/manifests/' + tag;
    const got = await fetch(at(from), { headers: { accept: type } });
    const put = await fetch(at(to), { method: 'PUT', headers: { 'content-type': type }, body: await got.text() });
    if (!put.ok) throw new Error(put.status + ' ' + (await put.text()));
    console.log(got.headers.get('docker-content-digest'));`;
  const argv = [process.execPath, '--input-type=module', '-e', script, lab.registry, from, to];
  const done = await stage.world.exec('hub', argv);
  if (done.code !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
}

async function deployMoved(stage: EngineStage, isMoved: boolean): Promise<Verdict & { version: string }> {
  const ref = 'lab/web:moved';
  const digest = await moveTag(stage, '1', 'moved');
  if (isMoved) await moveTag(stage, '2', 'moved');
  let version = '';
  const order = {
    compose: `services:\n  web:\n    image: ${ref}\n    stop_grace_period: 1s\n`,
    body: { images: { web: { ref, digest } } },
  };
  const verdict = await orderCompose(stage, ref, order, (made) => {
    version = made[0]?.Config.Env.find((entry) => entry.startsWith('WEB_VERSION=')) ?? '';
    return version !== '';
  });
  return { ...verdict, version };
}

/** A8-22. */
export const movedTag: AttackRow<EngineStage> = {
  id: 22,
  attacks: [
    {
      name: 'the tag means another image by the time the node pulls it',
      checks: ['image-digest'],
      async run(stage) {
        const { version, saw } = await deployMoved(stage, true);
        return { took: version === 'WEB_VERSION=2', saw: `${saw}; runs ${version}` };
      },
    },
  ],
  honest: [
    {
      name: 'the signed digest runs, also where its tag has gone on',
      async run(stage) {
        const { version, saw } = await deployMoved(stage, false);
        return { took: version === 'WEB_VERSION=1', saw: `${saw}; runs ${version}` };
      },
    },
  ],
};

import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { LabFleet } from '../../journeys/lab-fleet.ts';
import { type Leaks, places, watchForLeaks } from '../probes/find-leaks.ts';
import type { AttackRow, Verdict } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { type Canary, findInBytes, findInFolder } from './canaries.ts';

const APP = 'leaky';
const FILE = '/run/secret/key';
const IMAGE = 'lab/web:1';
const BUSY_MS = 180_000;

const canary = (name: string): Canary => ({ name, text: `canary-${randomBytes(18).toString('hex')}` });

/** Deploys an app with a secret as a variable and one as a file, then gives both another value and deploys again. */
async function deployWithSecrets(fleet: LabFleet): Promise<{ canaries: Canary[]; variable: string; file: string }> {
  const values = {
    variable: canary('a secret in a variable'),
    file: canary('a secret in a file'),
    before: canary('the value before'),
  };
  const give = (kind: string, { text }: Canary) => fleet.memoryFile(`${APP}-${kind}`, text);
  const compose = `services:\n  web:\n    image: ${IMAGE}\n    environment: {WEB_FILE: ${FILE}}\n`;
  const about = ['--compose', await give('compose', { name: '', text: compose }), '--node', 'n1'];
  const secrets = [
    ...['--secret-file', `token=${await give('before', values.before)}`, '--secret-use', 'token=web:TOKEN'],
    ...['--secret-file', `key=${await give('file', values.file)}`, '--secret-use', `key=web:${FILE}`],
  ];
  await fleet.ask(['apps', 'deploy', APP, ...about, ...secrets, '--yes'], BUSY_MS);
  await fleet.ask(['secrets', 'set', APP, 'token', '--file', await give('variable', values.variable)]);
  await fleet.ask(['secrets', 'generate', APP, 'spare', '--use', 'web:SPARE']);
  await fleet.ask(['apps', 'deploy', APP, '--yes'], BUSY_MS);
  const spare = await fleet.ask<{ value: string }>(['secrets', 'reveal', APP, 'spare']);
  const token = await fleet.ask<{ token: string }>(['tokens', 'add', 'pipeline']);
  const passphrase = (await fleet.world.exec('hub', ['cat', '/run/owner/passphrase'])).stdout.trim();
  const recovery = (await fleet.world.exec('hub', ['cat', fleet.recoveryFile])).stdout.trim();
  const others = [
    { name: 'a generated secret', text: spare.value },
    { name: 'an API token', text: token.token },
    { name: 'the passphrase of the owner', text: passphrase },
    { name: 'the recovery words', text: recovery.split(/\s+/).slice(0, 6).join(' ') },
  ];
  const canaries = [...Object.values(values), ...others];
  return { canaries, variable: values.variable.text, file: values.file.text };
}

/** The same values where anybody may see them: in the Compose file, in a command line, in an environment. */
async function deployInTheOpen(fleet: LabFleet): Promise<Canary[]> {
  const planted = canary('a value in the open');
  const compose = `services:\n  web:\n    image: ${IMAGE}\n    environment: {PLAIN: ${planted.text}}\n`;
  const file = await fleet.memoryFile(`${APP}-compose`, compose);
  await fleet.ask(['apps', 'deploy', APP, '--compose', file, '--node', 'n1', '--yes'], BUSY_MS);
  const held = await fleet.world.exec('hub', ['sh', '-c', 'sleep 1; true', planted.text], {
    env: { PLANTED: planted.text },
  });
  if (held.code !== 0) throw new Error(held.stderr);
  return [planted];
}

const told = ({ found, looked }: Leaks): string =>
  [...found].map(([place, names]) => `${place}: ${names.join(', ')}`).join('; ') || `nothing in ${looked}`;

/** Whether a mounted file or folder holds any of these. */
function holds(path: string, canaries: readonly Canary[]): boolean {
  const found = statSync(path).isDirectory() ? findInFolder(path, canaries) : findInBytes(readFileSync(path), canaries);
  return found.length > 0;
}

/** What the app's own process sees, and whether all that holds its secrets is a file system in memory. */
async function lookInside(
  fleet: LabFleet,
  canaries: readonly Canary[],
): Promise<{ variable: string; file: string; isMemory: boolean }> {
  const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', APP]);
  const { world } = fleet;
  const id = (await world.docker(['ps', '-q', '--filter', `name=ov-${appId}-`])).stdout.trim();
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const [address = ''] = (await world.docker(['inspect', '--format', format, id])).stdout.trim().split(' ');
  const script = 'fetch(process.argv[1]).then(async (r) => process.stdout.write(await r.text()))';
  const get = async (path: string) =>
    (await world.exec('n1', ['node', '-e', script, `http://${address}:8080${path}`])).stdout;
  const sources = await world.docker(['inspect', '--format', '{{range .Mounts}}{{.Source}}\n{{end}}', id]);
  const kinds: string[] = [];
  for (const source of sources.stdout.split('\n').filter(Boolean)) {
    // The launcher is mounted from the disk: it holds no value, and is looked at too.
    if (!holds(world.nodePath(source), canaries)) continue;
    kinds.push((await world.exec('n1', ['stat', '-f', '-c', '%T', source])).stdout.trim());
  }
  const { TOKEN: variable = '' } = JSON.parse(await get('/env')) as Record<string, string>;
  const isMemory = kinds.length > 0 && kinds.every((kind) => kind === 'tmpfs' || kind === 'ramfs');
  return { variable, file: await get('/file'), isMemory };
}

/** A8-33: no check that a build could be without; the control finds what lies in the open by the same look. */
export const leakedSecrets: AttackRow<EngineStage> = {
  id: 33,
  attacks: [
    {
      name: 'search everything but the app itself while a fleet works with secrets',
      checks: [],
      async run(stage): Promise<Verdict> {
        const fleet = await stage.honestFleet();
        const watch = await watchForLeaks(fleet);
        const { canaries } = await deployWithSecrets(fleet);
        const leaks = await watch.end(canaries, APP);
        return { took: leaks.found.size > 0, saw: told(leaks) };
      },
    },
  ],
  honest: [
    {
      name: 'the app sees its secrets, and they lie in memory',
      async run(stage) {
        const fleet = await stage.honestFleet();
        const { canaries, variable, file } = await deployWithSecrets(fleet);
        const seen = await lookInside(fleet, canaries);
        const took = seen.variable === variable && seen.file === file && seen.isMemory;
        return {
          took,
          saw: `variable ${seen.variable === variable}, file ${seen.file === file}, memory ${seen.isMemory}`,
        };
      },
    },
  ],
  controls: [
    {
      name: 'a value in the open is found in every place by the same look',
      async run(stage) {
        const fleet = await stage.honestFleet();
        const watch = await watchForLeaks(fleet);
        const canaries = await deployInTheOpen(fleet);
        const leaks = await watch.end(canaries, APP);
        return { took: places.every((place) => leaks.found.has(place)), saw: told(leaks) };
      },
    },
  ],
};

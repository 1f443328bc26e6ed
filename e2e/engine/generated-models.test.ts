import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Driver, idOf, type Said, startDriver, webBody } from './driver.ts';
import { type MadeModel, MODEL_FILES, makeModels } from './generated-models.ts';

const COUNT = 500;
/** Given again, it makes the same models; else every run looks at others. */
const seed = Number(process.env.MODELS_SEED ?? Date.now() % 2_147_483_647);

let driver: Driver;
let judged: { made: MadeModel; said: Said }[] = [];

beforeAll(async () => {
  driver = await startDriver();
  const models = makeModels(COUNT, seed);
  const files = Object.entries(MODEL_FILES).map(([path, text]) => ({ path, sha256: hashOf(text) }));
  const calls = models.map(({ compose, env }) => ({
    do: 'gates',
    appId: idOf('generated'),
    body: webBody('1', { compose, env, files, images: {} }),
    objects: MODEL_FILES,
  }));
  const program = ['node', '/opt/overseer/agent/node/apply/testing/drive.ts'];
  const input = `${calls.map((call) => JSON.stringify(call)).join('\n')}\n`;
  const ran = await driver.world.exec('n1', program, { input, timeoutMs: 600_000 });
  const said = ran.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Said)
    .filter(({ type }) => type !== 'ready');
  judged = models.map((made, at) => ({ made, said: said[at] ?? { type: `nothing was said; ${ran.stderr}` } }));
}, 900_000);
afterAll(async () => {
  console.log(`generated Compose models: ${COUNT} of seed ${seed} (MODELS_SEED=${seed} makes them again)`);
  await driver?.world.stop();
});

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const tell = ({ made, said }: (typeof judged)[number]) =>
  `seed ${seed}\nhidden: ${made.evil.join(', ')}\n${made.compose}\n${JSON.stringify(made.env)}\n${JSON.stringify(said)}`;

describe(`A8-20 A8-21: ${COUNT} generated models through the real Compose`, () => {
  it('hide something in many, and nothing in many', () => {
    const hiding = judged.filter(({ made }) => made.evil.length > 0).length;
    expect(hiding).toBeGreaterThan(COUNT / 5);
    expect(COUNT - hiding).toBeGreaterThan(COUNT / 5);
  });

  it('A8-21: what hides something is refused, by a guardrail or because Compose can not read it', () => {
    for (const one of judged) {
      if (one.made.evil.length === 0) continue;
      expect(one.said.type, tell(one)).toBe('gates');
      expect(one.said.fault?.code, tell(one)).toMatch(/^(gate\.refused|compose\.(invalid|too-deep))$/);
    }
  });

  it('A8-21: what hides nothing passes', () => {
    for (const one of judged)
      if (one.made.evil.length === 0) expect(one.said, tell(one)).toMatchObject({ type: 'gates', fault: null });
  });

  it('A8-20: what passes holds nothing in Compose’s own reading that reaches past the app', () => {
    const passed = judged.filter(({ said }) => said.fault === null);
    for (const one of passed) {
      const services = Object.values(
        (one.said.value as { services: Record<string, Record<string, unknown>> }).services,
      );
      expect(services.length, tell(one)).toBeGreaterThan(0);
      for (const service of services) expect(reaching(service), tell(one)).toEqual([]);
    }
    expect(passed.length).toBeGreaterThan(0);
  });
});

/** Knows nothing of our gates: the keys of a resolved service that reach past its app, as Compose's manual lists them. */
function reaching(service: Readonly<Record<string, unknown>>): string[] {
  const never = ['privileged', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup', 'cgroup_parent', 'devices', 'cap_add'];
  never.push('device_cgroup_rules', 'gpus', 'ports', 'sysctls', 'runtime', 'volumes_from', 'external_links', 'build');
  never.push('container_name', 'post_start', 'pre_stop', 'provider', 'use_api_socket');
  const found = never.filter((key) => service[key] !== undefined && service[key] !== null);
  if (/^(host|container:|ns:)/.test(String(service.network_mode ?? ''))) found.push('network_mode');
  for (const mount of (service.volumes ?? []) as { type: string; source?: string }[])
    if (mount.type === 'bind' && !/^\/run\/overseer\/gates\//.test(mount.source ?? ''))
      found.push(`bind ${mount.source}`);
  return found;
}

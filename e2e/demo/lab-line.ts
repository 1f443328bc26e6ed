import type { World } from '#world/world.ts';
import { bringUpFleet, createLabFleet, enableIngressAndDns, type LabFleet } from '../journeys/lab-fleet.ts';
import { createOutside } from '../journeys/proofs.ts';
import { searchDisks } from './search-disks.ts';
import type { StepRunner } from './step-table.ts';

const HOST = 'feeds.lab.example';
const URL = `https://${HOST}`;

interface AppJson {
  appId: string;
  compose: string;
}

interface JobJson {
  outcome: string;
  awayMs: number | null;
  number: number;
}

/** init, claim, join, ingress, DNS, and Miniflux from the catalogue at its own https address. */
export async function deployLine(world: World, runner: StepRunner): Promise<LabFleet> {
  const fleet = createLabFleet(world);
  const outside = createOutside(fleet);
  await runner.step('fleet', async () => {
    const notes: string[] = [];
    await bringUpFleet(fleet, (note) => notes.push(note));
    return notes.join('; ');
  });
  await runner.step('ingress and DNS', async () => {
    await enableIngressAndDns(fleet);
    return 'Traefik runs, the Cloudflare token may do all it must';
  });
  await runner.step('deploy Miniflux', async () => {
    const job = await fleet.ask<JobJson>(
      [
        'apps',
        'deploy',
        'feeds',
        '--catalog',
        'miniflux',
        '--node',
        'n1',
        '--host',
        HOST,
        '--input',
        'log_level=debug',
        '--yes',
      ],
      300_000,
    );
    return `release ${job.number} ${job.outcome}`;
  });
  await runner.step('seen from outside: DNS', async () => {
    const address = await outside.address(HOST);
    if (address !== world.node.ipv4) throw new Error(`${HOST} points at ${address}`);
    return `${HOST} is ${address}`;
  });
  await runner.step('seen from outside: https', async () => {
    const page = await outside.page(`${URL}/`);
    if (!/miniflux/i.test(page.body)) throw new Error(`no login page: ${page.status} ${page.body.slice(0, 200)}`);
    return `login page over TLS by ${page.issuer}`;
  });
  return fleet;
}

/** Everything the demo promises after the first deploy, each proven from outside the product. */
export async function proveLine(fleet: LabFleet, runner: StepRunner): Promise<void> {
  const { world } = fleet;
  const outside = createOutside(fleet);
  const app = await fleet.ask<AppJson>(['apps', 'show', 'feeds']);
  const { appId } = app;
  const canaries: Record<string, string> = {};
  let password = '';

  await runner.step('generated password works', async () => {
    for (const { name } of await fleet.ask<{ name: string }[]>(['secrets', 'list', 'feeds'])) {
      canaries[name] = (await fleet.ask<{ value: string }>(['secrets', 'reveal', 'feeds', name])).value;
    }
    password = canaries.admin_password ?? '';
    const made = await callApi(fleet, password, '/v1/users', {
      username: 'reader',
      password: 'reader-password-1',
      is_admin: false,
    });
    if (made.status !== 201) throw new Error(`the API answered ${made.status}: ${made.body}`);
    return 'its API made user "reader"';
  });
  await runner.step('log shows the request', async () => {
    const logs = await fleet.cli(['apps', 'logs', 'feeds', '--tail', '400']);
    if (logs.code !== 0 || !logs.stdout.includes('/v1/users'))
      throw new Error(`exit ${logs.code}\n${logs.stdout.slice(-2000)}\n${logs.stderr}`);
    return 'POST /v1/users, read through sealed frames';
  });
  await runner.step('a second release', async () => {
    const job = await fleet.ask<JobJson>(['apps', 'deploy', 'feeds', '--input', 'log_level=info', '--yes'], 300_000);
    if (job.outcome !== 'succeeded') throw new Error(JSON.stringify(job));
    return `release ${job.number}, away ${job.awayMs ?? 0} ms`;
  });
  await runner.step('a broken release gives way', async () => {
    // A new version that starts, turns healthy, and four seconds later unhealthy.
    const file = await fleet.memoryFile('broken.yaml', brokenVersion(app.compose));
    const broken = await fleet.cli(['apps', 'deploy', 'feeds', '--compose', file, '--yes', '--json'], {
      timeoutMs: 300_000,
    });
    const job = broken.lines.at(-1) as JobJson | undefined;
    if (broken.code !== 1 || job?.outcome !== 'rolled-back')
      throw new Error(`exit ${broken.code}\n${broken.stdout}\n${broken.stderr}`);
    const page = await outside.page(`${URL}/`);
    if (page.status !== 200) throw new Error(`after it the page answers ${page.status}`);
    return `release ${job.number} rolled back by the node, away ${job.awayMs ?? 0} ms, the page serves`;
  });
  await runner.step('rollback to release 1', async () => {
    const job = await fleet.ask<JobJson>(['apps', 'rollback', 'feeds', '--to', '1', '--yes'], 300_000);
    const level = await world.docker([
      'ps',
      '-a',
      '--filter',
      `label=com.docker.compose.project=ov-${appId}`,
      '--format',
      '{{.Names}}',
    ]);
    const inspect = await world.docker(['inspect', ...level.stdout.split('\n').filter(Boolean)]);
    if (job.outcome !== 'succeeded' || !inspect.stdout.includes('LOG_LEVEL=debug'))
      throw new Error(JSON.stringify(job));
    return `release ${job.number} runs what release 1 ran`;
  });
  await runner.step('remove keeps the database', async () => {
    await fleet.ask(['apps', 'remove', 'feeds', '--yes'], 120_000);
    const left = await outside.engineObjects();
    const volumes = left.filter((line) => line.startsWith(`volume ov_${appId}_`));
    if (volumes.length === 0 || left.some((line) => line.startsWith('container') && line.includes(appId)))
      throw new Error(left.join('\n'));
    if ((await outside.records()).some((line) => line.startsWith(HOST)))
      throw new Error('the DNS record is still there');
    await fleet.ask(['apps', 'deploy', 'feeds', '--yes'], 300_000);
    const users = await callApi(fleet, password, '/v1/users');
    if (!users.body.includes('"reader"')) throw new Error(`user "reader" is gone: ${users.status} ${users.body}`);
    return `${volumes.length} volume kept; deployed again, user "reader" is still there`;
  });
  await runner.step('delete data', async () => {
    await fleet.ask(['apps', 'remove', 'feeds', '--delete-data', '--confirm', 'feeds', '--yes'], 120_000);
    const left = (await outside.engineObjects()).filter((line) => line.includes(appId));
    const records = (await outside.records()).filter((line) => line.includes('feeds'));
    const files = await world.exec('n1', [
      'sh',
      '-c',
      `find /var/lib/overseer /run/overseer -path '*${appId}*' -type f | head`,
    ]);
    if (left.length + records.length > 0 || files.stdout.trim() !== '')
      throw new Error([...left, ...records, files.stdout].join('\n'));
    return 'no container, volume, network, record or file of the app is left';
  });
  await runner.step('audit', async () => {
    const verdict = await fleet.ask<{ verdict: string; sentence: string }>(['audit', 'verify']);
    if (verdict.verdict !== 'verified') throw new Error(JSON.stringify(verdict));
    return verdict.sentence;
  });
  await runner.step('canary passwords on no disk', async () => {
    const { findings, files, bytes } = await searchDisks(world.diskPaths(), canaries);
    if (findings.length > 0) throw new Error(findings.map(({ path, label }) => `${label} in ${path}`).join('\n'));
    return `${Object.keys(canaries).length} passwords sought in ${files} files, ${Math.round(bytes / 1e6)} MB: none found`;
  });
}

/** The same stack, with an image in Miniflux's place that turns bad after a while. */
function brokenVersion(compose: string): string {
  const [head = '', tail = ''] = compose.split(/(?<=miniflux:\n)(?= {4}image:)/);
  const broken = tail.replace(/image: \S+/, 'image: lab/web:turns-bad').replace(/ {4}healthcheck:\n(?: {6}.*\n)+/, '');
  return head + broken;
}

/** Miniflux's own API as its admin. */
async function callApi(
  fleet: LabFleet,
  password: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: string }> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  return createOutside(fleet).page(`${URL}${path}`, {
    headers: { authorization, 'content-type': 'application/json' },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
}
